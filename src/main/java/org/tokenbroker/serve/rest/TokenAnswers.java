package org.tokenbroker.serve.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.platform.door.Callers;
import org.tokenbroker.serve.Answer;
import org.tokenbroker.serve.Consumer;
import org.tokenbroker.serve.RateLimits;

/** What all token routes share: the rate limit before, the HTTP answer, audit and metrics after. */
@ApplicationScoped
public class TokenAnswers {
  /**
   * On answers from memory while an engine could not be asked whether something changed (G-15):
   * {@code ledger} or {@code safe}.
   */
  static final String DEGRADED = "Token-Broker-Degraded";

  private final RateLimits limits;
  private final TokenAudit audit;
  private final ServeMetrics metrics;
  private final InstantSource time;

  TokenAnswers(RateLimits limits, TokenAudit audit, ServeMetrics metrics, InstantSource time) {
    this.limits = limits;
    this.audit = audit;
    this.metrics = metrics;
    this.time = time;
  }

  /** Names the connection on the log lines of this request. */
  static void concerns(String connection) {
    LogContext.connection(connection);
  }

  /**
   * @param target of a form that is safe in a log
   * @param ifNoneMatch as the caller sent it
   */
  Uni<Response> answer(
      RoutingContext request,
      String target,
      @Nullable String ifNoneMatch,
      Function<Consumer, Uni<Answer>> ask) {
    Instant began = time.instant();
    Consumer consumer = new Consumer(Callers.of(request));
    Optional<Duration> exceeded = limits.exceeded(consumer, began);
    if (exceeded.isPresent()) {
      refused(consumer, target, Outcome.THROTTLED, began);
      return Uni.createFrom().item(TokenProblems.throttled(exceeded.get()));
    }
    try {
      return ask.apply(consumer)
          .map(answer -> respond(consumer, target, ifNoneMatch, answer, began));
    } catch (ProblemException invalid) {
      metrics.answered(Outcome.INVALID, Duration.between(began, time.instant()));
      throw invalid;
    }
  }

  /** For an id that no connection can have: the same answer as for one that none has. */
  Response malformed(RoutingContext request) {
    Instant now = time.instant();
    refused(new Consumer(Callers.of(request)), "malformed", Outcome.MALFORMED_ID, now);
    return TokenProblems.unknown();
  }

  private Response respond(
      Consumer consumer,
      String target,
      @Nullable String ifNoneMatch,
      Answer answer,
      Instant began) {
    return switch (answer) {
      case Answer.Token token -> token(consumer, ifNoneMatch, token, began);
      case Answer.Unknown unknown ->
          refused(consumer, target, answer, began, TokenProblems.unknown());
      case Answer.ConsentRequired required ->
          refused(consumer, target, answer, began, TokenProblems.consentRequired());
      case Answer.KeyRequired required ->
          refused(consumer, target, answer, began, TokenProblems.keyRequired());
      case Answer.NothingFresh(Duration retryAfter, Answer.NothingFresh.Cause cause) ->
          refused(consumer, target, answer, began, TokenProblems.nothingFresh(retryAfter, cause));
      case Answer.ScopeNotGranted scope ->
          refused(consumer, target, answer, began, TokenProblems.scopeNotGranted());
      case Answer.ScopeProblem problem ->
          refused(consumer, target, answer, began, TokenProblems.scopeProblem());
      case Answer.GenerationUnknown generation ->
          refused(consumer, target, answer, began, TokenProblems.generationUnknown());
    };
  }

  private Response token(
      Consumer consumer, @Nullable String ifNoneMatch, Answer.Token answer, Instant began) {
    concerns(answer.connection().id().value());
    Instant now = time.instant();
    String tag = "\"" + answer.servable().generation() + "\"";
    boolean known = ifNoneMatch != null && matches(ifNoneMatch, tag);
    Outcome outcome = known ? Outcome.NOT_MODIFIED : Outcome.of(answer);
    audit.issued(consumer, answer, outcome);
    metrics.answered(outcome, Duration.between(began, now));
    metrics.decided(true);
    TokenBody.life(answer.servable()).ifPresent(life -> metrics.served(life.remaining(now)));
    Response.ResponseBuilder response =
        known
            ? Response.notModified()
            : Response.ok(TokenBody.of(answer, now), MediaType.APPLICATION_JSON_TYPE);
    answer.degraded().ifPresent(engine -> response.header(DEGRADED, Outcome.label(engine)));
    return response
        .header(HttpHeaders.ETAG, tag)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private Response refused(
      Consumer consumer, String target, Answer answer, Instant began, Response response) {
    Outcome outcome = Outcome.of(answer);
    refused(consumer, target, outcome, began);
    metrics.decided(outcome.result() != Outcome.Result.DENIED);
    return response;
  }

  private void refused(Consumer consumer, String target, Outcome outcome, Instant began) {
    audit.refused(consumer, target, outcome);
    metrics.answered(outcome, Duration.between(began, time.instant()));
  }

  /** RFC 9110 §13.1.2, weak comparison. */
  private static boolean matches(String ifNoneMatch, String tag) {
    return Arrays.stream(ifNoneMatch.split(","))
        .map(String::strip)
        .map(given -> given.startsWith("W/") ? given.substring(2) : given)
        .anyMatch(given -> given.equals("*") || given.equals(tag));
  }
}
