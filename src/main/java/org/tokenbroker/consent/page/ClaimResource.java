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
import org.tokenbroker.consent.ClaimLink;
import org.tokenbroker.consent.ClaimLinks;
import org.tokenbroker.consent.ClaimOutcome;
import org.tokenbroker.consent.ConsentConfig;

/** The page behind a claim link, and its button. */
@Path("/claim/{ticket}")
@Produces(MediaType.TEXT_HTML)
public class ClaimResource {
  private final ClaimLinks links;
  private final Pages pages;
  private final ConsentConfig config;

  ClaimResource(ClaimLinks links, Pages pages, ConsentConfig config) {
    this.links = links;
    this.pages = pages;
    this.config = config;
  }

  /** Looks only: mail scanners and previews open links too. */
  @GET
  @Operation(hidden = true)
  public Uni<Response> show(
      @PathParam("ticket") String ticket,
      @CookieParam(BrowserCookie.NAME) @Nullable String cookie) {
    return links
        .look(ticket, BrowserCookie.read(cookie))
        .chain(this::show)
        .onFailure()
        .recoverWithUni(pages::failure);
  }

  @POST
  @Operation(hidden = true)
  public Uni<Response> accept(
      @PathParam("ticket") String ticket,
      @CookieParam(BrowserCookie.NAME) @Nullable String cookie,
      @HeaderParam("Sec-Fetch-Site") @Nullable String secFetchSite,
      @HeaderParam("Origin") @Nullable String origin) {
    return FormOrigin.isForeign(secFetchSite, origin, config.publicUrl())
        ? pages.notice(LinkNotices.FOREIGN_FORM)
        : links
            .accept(ticket, BrowserCookie.read(cookie))
            .chain(this::tell)
            .onFailure()
            .recoverWithUni(pages::failure);
  }

  private Uni<Response> tell(ClaimOutcome outcome) {
    return switch (outcome) {
      case ClaimOutcome.Armed armed ->
          pages
              .notice(ClaimNotices.of(armed))
              .invoke(
                  page ->
                      page.getHeaders()
                          .add(HttpHeaders.SET_COOKIE, BrowserCookie.write(armed.browser())));
      case ClaimOutcome.Claimed claimed -> pages.notice(ClaimNotices.of(claimed));
      case ClaimOutcome.NotClaimable not -> pages.notice(ClaimNotices.of(not));
      case ClaimOutcome.Staying staying -> show(staying.link());
    };
  }

  private Uni<Response> show(ClaimLink link) {
    return switch (link) {
      case ClaimLink.Open open ->
          pages.claim(ClaimOffer.of(open, config.claimWithin().toMinutes()));
      case ClaimLink.Closed closed -> pages.notice(ClaimNotices.of(closed));
      case ClaimLink.Blocked blocked -> pages.notice(LinkNotices.BLOCKED);
      case ClaimLink.Unavailable unavailable -> pages.notice(LinkNotices.UNAVAILABLE);
    };
  }
}
