package org.tokenbroker.consent.page;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.ConsentConfig;
import org.tokenbroker.consent.ConsentStart;
import org.tokenbroker.consent.Departure;
import org.tokenbroker.consent.Link;

/** The page behind a consent link, and its button. */
@Path("/consent/{ticket}")
@Produces(MediaType.TEXT_HTML)
public class ConsentResource {
  private final ConsentStart start;
  private final Pages pages;
  private final ConsentConfig config;

  ConsentResource(ConsentStart start, Pages pages, ConsentConfig config) {
    this.start = start;
    this.pages = pages;
    this.config = config;
  }

  /** Looks only: mail scanners and previews open links too. */
  @GET
  @Operation(hidden = true)
  public Uni<Response> show(@PathParam("ticket") String ticket) {
    return start.look(ticket).chain(this::show).onFailure().recoverWithUni(pages::failure);
  }

  /**
   * Sends the browser on with 303, so that it does not repeat the form at the provider (RFC 9700
   * §4.12).
   */
  @POST
  @Operation(hidden = true)
  public Uni<Response> agree(
      @PathParam("ticket") String ticket,
      @CookieParam(BrowserCookie.NAME) @Nullable String cookie,
      @HeaderParam("Sec-Fetch-Site") @Nullable String secFetchSite,
      @HeaderParam("Origin") @Nullable String origin) {
    return FormOrigin.isForeign(secFetchSite, origin, config.publicUrl())
        ? pages.notice(LinkNotices.FOREIGN_FORM)
        : start
            .start(ticket, BrowserCookie.read(cookie))
            .chain(this::send)
            .onFailure()
            .recoverWithUni(pages::failure);
  }

  private Uni<Response> send(Departure departure) {
    return switch (departure) {
      case Departure.Leaving leaving -> Uni.createFrom().item(redirect(leaving));
      case Departure.Staying staying -> show(staying.link());
    };
  }

  private Uni<Response> show(Link link) {
    return switch (link) {
      case Link.Open open -> pages.offer(Offer.of(open), open.route().authorize());
      case Link.Closed closed -> pages.notice(LinkNotices.of(closed));
      case Link.Blocked blocked -> pages.notice(LinkNotices.BLOCKED);
      case Link.Unavailable unavailable -> pages.notice(LinkNotices.UNAVAILABLE);
    };
  }

  private static Response redirect(Departure.Leaving leaving) {
    return Response.seeOther(leaving.authorize())
        .header(HttpHeaders.SET_COOKIE, BrowserCookie.write(leaving.browser()))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }
}
