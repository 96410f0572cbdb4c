package org.tokenbroker.consent.page;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.CallbackOutcome;
import org.tokenbroker.consent.ConsentCallback;
import org.tokenbroker.consent.ConsentConfig;
import org.tokenbroker.consent.Refusal;
import org.tokenbroker.consent.Visitor;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/** Our redirect URI: one per registration, since not every provider names itself (B3). */
@Path("/callback/{registration}")
@Produces(MediaType.TEXT_HTML)
public class CallbackResource {
  private final ConsentCallback callback;
  private final CallbackJournal journal;
  private final Pages pages;
  private final CallbackNotices notices;
  private final int forwardingProxies;

  CallbackResource(
      ConsentCallback callback, CallbackJournal journal, Pages pages, ConsentConfig config) {
    this.callback = callback;
    this.journal = journal;
    this.pages = pages;
    this.forwardingProxies = config.forwardingProxies();
    this.notices = new CallbackNotices(config.publicUrl());
  }

  @GET
  @Operation(hidden = true)
  public Uni<Response> answer(
      @PathParam("registration") String registration,
      @CookieParam(BrowserCookie.NAME) @Nullable String cookie,
      @HeaderParam("X-Forwarded-For") List<String> forwardedFor,
      @Context HttpServerRequest request) {
    return registration(registration)
        .map(id -> callback.answer(id, request.query(), visitor(cookie, forwardedFor)))
        .orElseGet(() -> Uni.createFrom().item(refused()))
        .invoke(journal::record)
        .chain(this::tell)
        .onFailure()
        .recoverWithUni(pages::failure);
  }

  private Visitor visitor(@Nullable String cookie, List<String> forwardedFor) {
    return new Visitor(
        BrowserCookie.read(cookie), ForwardedNetwork.of(forwardedFor, forwardingProxies));
  }

  private Uni<Response> tell(CallbackOutcome outcome) {
    return pages.notice(notices.of(outcome)).invoke(page -> remember(page, outcome.cookie()));
  }

  /** The browser that brought an install may claim it. */
  private static void remember(Response page, Optional<Secret> browser) {
    browser.ifPresent(
        cookie -> page.getHeaders().add(HttpHeaders.SET_COOKIE, BrowserCookie.write(cookie)));
  }

  /** A probe must not spend a code. */
  @HEAD
  @Operation(hidden = true)
  public Response probe() {
    return Response.status(Response.Status.METHOD_NOT_ALLOWED)
        .header(HttpHeaders.ALLOW, "GET")
        .build();
  }

  private static Optional<RegistrationId> registration(String name) {
    try {
      return Optional.of(new RegistrationId(name));
    } catch (IllegalArgumentException noId) {
      return Optional.empty();
    }
  }

  private static CallbackOutcome refused() {
    return new CallbackOutcome.Refused(Refusal.MALFORMED, Optional.empty());
  }
}
