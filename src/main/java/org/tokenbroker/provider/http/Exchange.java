package org.tokenbroker.provider.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.predicate.ResponsePredicateResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.TokenAnswer;
import org.tokenbroker.provider.TokenAnswer.Body;
import org.tokenbroker.provider.TokenReply.Doubt;

/**
 * One HTTP request and what came of it. Serves once.
 *
 * <ol>
 *   <li>It ends within the total time limit, whatever the provider does, and exactly once.
 *   <li>It opens a connection of its own: on a kept one, a request may meet the other side's
 *       closing, and then nobody can tell whether it was processed.
 *   <li>No redirect is followed, no compression asked for.
 * </ol>
 */
final class Exchange {
  /** The idle time-out only frees the connection of an exchange that has ended already. */
  private static final Duration AFTER_THE_END = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final InstantSource clock;
  private final Duration connectTimeout;
  private final Duration timeout;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final AtomicReference<@Nullable Head> head = new AtomicReference<>();

  Exchange(Vertx vertx, InstantSource clock, Duration connectTimeout, Duration timeout) {
    this.vertx = vertx;
    this.clock = clock;
    this.connectTimeout = connectTimeout;
    this.timeout = timeout;
  }

  private record Head(
      int status, Optional<String> contentType, Optional<String> retryAfter, Instant sentAt) {}

  /** Sends the request; the returned Uni emits when the exchange has ended. */
  Uni<Void> carryOut(HttpRequest<?> request, Buffer form) {
    Instant sentAt = clock.instant();
    BoundedBody body = new BoundedBody(() -> end(new Body.TooLarge(), Doubt.UNREADABLE));
    long timer = vertx.setTimer(timeout.toMillis(), late -> giveUp(body));
    prepared(request, sentAt)
        .as(body)
        .sendBuffer(form)
        .onSuccess(
            response ->
                end(
                    new Body.Complete(Objects.requireNonNullElse(response.body(), "")),
                    Doubt.UNREADABLE))
        .onFailure(this::failed);
    return Uni.createFrom()
        .completionStage(outcome)
        .onItem()
        .invoke(() -> vertx.cancelTimer(timer))
        .replaceWithVoid();
  }

  /** How it ended; absent as long as nothing was sent. */
  Optional<Outcome> outcome() {
    return Optional.ofNullable(outcome.getNow(null));
  }

  @SuppressWarnings(
      "deprecation") // nothing else shows status and headers before the body has ended
  private HttpRequest<?> prepared(HttpRequest<?> request, Instant sentAt) {
    return request
        .putHeader(HttpHeaders.ACCEPT.toString(), "application/json")
        .putHeader(HttpHeaders.CONNECTION.toString(), "close")
        .followRedirects(false)
        .connectTimeout(connectTimeout.toMillis())
        .idleTimeout(timeout.plus(AFTER_THE_END).toMillis())
        .expect(
            response -> {
              head.set(head(response, sentAt));
              return ResponsePredicateResult.success();
            });
  }

  private static Head head(HttpResponse<Void> response, Instant sentAt) {
    return new Head(
        response.statusCode(),
        Optional.ofNullable(response.getHeader("Content-Type")),
        Optional.ofNullable(response.getHeader("Retry-After")),
        sentAt);
  }

  private void giveUp(BoundedBody body) {
    body.stop();
    end(new Body.TimedOut(), Doubt.TIMEOUT);
  }

  private void failed(Throwable failure) {
    if (head.get() == null) {
      outcome.complete(SendFailures.read(failure));
    } else {
      end(new Body.Cut(), Doubt.CUT);
    }
  }

  private void end(Body body, Doubt withoutHead) {
    Head known = head.get();
    outcome.complete(
        known == null
            ? new Outcome.Unknown(withoutHead)
            : new Outcome.Answered(
                new TokenAnswer(known.status(), known.contentType(), known.retryAfter(), body),
                known.sentAt(),
                clock.instant()));
  }
}
