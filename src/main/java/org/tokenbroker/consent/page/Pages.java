package org.tokenbroker.consent.page;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.tokenbroker.platform.rest.Failures;

/** Renders pages and gives each the same protective headers (B5). */
@ApplicationScoped
class Pages {
  private static final Logger LOG = Logger.getLogger(Pages.class);
  private static final Notice UNEXPECTED =
      Notice.of(
          500,
          Notice.Tone.BAD,
          "Something went wrong on our side.",
          "Please open the link that you were given once more.",
          "If this happens again, tell whoever sent it to you.");
  private static final long RETRY_AFTER_SECONDS = 60;

  private final Stylesheet stylesheet;

  Pages(Stylesheet stylesheet) {
    this.stylesheet = stylesheet;
  }

  Uni<Response> offer(Offer offer, URI authorize) {
    return Templates.offer(offer, stylesheet.css())
        .createUni()
        .map(html -> page(200, html, "'self' " + formTargets(authorize), Optional.empty()));
  }

  Uni<Response> claim(ClaimOffer claim) {
    return Templates.claim(claim, stylesheet.css())
        .createUni()
        .map(html -> page(200, html, "'self'", Optional.empty()));
  }

  Uni<Response> notice(Notice notice) {
    return Templates.notice(notice, stylesheet.css())
        .createUni()
        .map(html -> page(notice.status(), html, "'none'", notice.retryAfter()));
  }

  /** A failure of our own code: told without details, and logged without its message. */
  Uni<Response> failure(Throwable failure) {
    LOG.errorf("A consent page failed unexpectedly.%n%s", Failures.describe(failure));
    return notice(UNEXPECTED);
  }

  /**
   * The form answers with a redirect, and browsers hold redirects against {@code form-action} too;
   * a provider may pass its visitors on to further hosts.
   */
  private static String formTargets(URI authorize) {
    return "https".equalsIgnoreCase(authorize.getScheme())
        ? "https:"
        : FormOrigin.originOf(authorize);
  }

  private Response page(int status, String html, String formAction, Optional<Duration> retryAfter) {
    Response.ResponseBuilder response =
        Response.status(status)
            .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
            .header(HttpHeaders.CACHE_CONTROL, "no-store")
            .header("Content-Security-Policy", policy(formAction))
            .header("Referrer-Policy", "no-referrer")
            .header("X-Content-Type-Options", "nosniff")
            .header("X-Robots-Tag", "noindex")
            .entity(html);
    retryAfter
        .map(pause -> Math.max(1, pause.plusMillis(999).toSeconds()))
        .or(() -> status == 503 ? Optional.of(RETRY_AFTER_SECONDS) : Optional.empty())
        .ifPresent(seconds -> response.header(HttpHeaders.RETRY_AFTER, seconds));
    return response.build();
  }

  private String policy(String formAction) {
    return "default-src 'none'; style-src "
        + stylesheet.source()
        + "; form-action "
        + formAction
        + "; base-uri 'none'; frame-ancestors 'none'";
  }

  /** Type-safe templates under {@code templates/consent}. */
  @CheckedTemplate(basePath = "consent")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance offer(Offer offer, String css);

    static native TemplateInstance claim(ClaimOffer claim, String css);

    static native TemplateInstance notice(Notice notice, String css);
  }
}
