package org.tokenbroker.provider.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
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
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.outbound.AddressGuard;
import org.tokenbroker.provider.TokenAnswer;
import org.tokenbroker.provider.TokenAnswer.Body;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;

/**
 * One HTTP request and what came of it. Serves once.
 *
 * <ol>
 *   <li>It ends within the total time limit, whatever the provider does, and exactly once.
 *   <li>Nothing is written after it has ended.
 *   <li>It tells a request of which nothing was written from one of which something may have been,
 *       by the moment at which writing begins and not by the kind of failure.
 *   <li>It opens a connection of its own: on a kept one, a request may meet the other side's
 *       closing, and then nobody can tell whether it was processed. The connection is closed when
 *       the exchange ends.
 *   <li>No redirect is followed, no compression asked for.
 *   <li>No connection is opened to a host that leads to an address out of reach, and nothing
 *       written to one that turns out to have such an address (C24).
 * </ol>
 */
final class Exchange {
  private final Vertx vertx;
  private final InstantSource clock;
  private final AddressGuard addresses;
  private final Duration connectTimeout;
  private final Duration timeout;
  private final Optional<String> resetHeader;
  private final int bodyLimit;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private @Nullable Sent sent;
  private @Nullable Head head;
  private boolean ended;

  /**
   * @param resetHeader the profile's {@code limits.reset_header}
   * @param bodyLimit of the answer, in bytes
   */
  Exchange(
      Vertx vertx,
      InstantSource clock,
      AddressGuard addresses,
      Duration connectTimeout,
      Duration timeout,
      Optional<String> resetHeader,
      int bodyLimit) {
    this.vertx = vertx;
    this.clock = clock;
    this.addresses = addresses;
    this.connectTimeout = connectTimeout;
    this.timeout = timeout;
    this.resetHeader = resetHeader;
    this.bodyLimit = bodyLimit;
  }

  /**
   * @param at when writing began
   */
  private record Sent(HttpClientRequest request, Instant at) {}

  private record Head(
      int status,
      Optional<String> contentType,
      Optional<String> retryAfter,
      Optional<String> resetAt,
      Optional<String> date) {}

  /**
   * Sends the request; the returned Uni emits when the exchange has ended.
   *
   * @param body of the request; empty: it has none
   */
  Uni<Void> carryOut(HttpRequest<?> request, Buffer body) {
    long timer =
        vertx.setTimer(
            timeout.toMillis(), late -> end(Obstacle.CONNECT, Doubt.TIMEOUT, new Body.TimedOut()));
    addresses.ask(request.host()).onSuccess(answer -> proceed(answer, request, body));
    return Uni.createFrom()
        .completionStage(outcome)
        .onItem()
        .invoke(() -> vertx.cancelTimer(timer))
        .replaceWithVoid();
  }

  private void proceed(AddressGuard.Answer answer, HttpRequest<?> request, Buffer body) {
    switch (answer) {
      case ALLOWED -> send(request, body);
      case REFUSED -> refused();
      case UNRESOLVED -> end(Obstacle.CONNECT, Doubt.CUT, new Body.Cut());
    }
  }

  private void send(HttpRequest<?> request, Buffer body) {
    prepared(request, body)
        .as(new BoundedBody(bodyLimit, this::tooLarge))
        .sendStream(new Upload(body, this::begin))
        .onSuccess(this::complete)
        .onFailure(this::failed);
  }

  private void refused() {
    end(Obstacle.ADDRESS_REFUSED, Doubt.CUT, new Body.Cut());
  }

  /** How it ended; absent as long as nothing was asked of it. */
  Optional<Outcome> outcome() {
    return Optional.ofNullable(outcome.getNow(null));
  }

  @SuppressWarnings(
      "deprecation") // nothing else shows status and headers before the body has ended
  private HttpRequest<?> prepared(HttpRequest<?> request, Buffer body) {
    if (!request.headers().contains(HttpHeaders.ACCEPT)) {
      request.putHeader(HttpHeaders.ACCEPT.toString(), "application/json");
    }
    if (body.length() > 0) {
      request.putHeader(HttpHeaders.CONTENT_LENGTH.toString(), Integer.toString(body.length()));
    }
    return request
        .putHeader(HttpHeaders.CONNECTION.toString(), "close")
        .followRedirects(false)
        .connectTimeout(connectTimeout.toMillis())
        .expect(this::headCame);
  }

  private boolean begin(HttpClientRequest request) {
    if (!addresses.allows(request.connection())) {
      refused();
      request.connection().close();
    }
    return begun(request);
  }

  private synchronized boolean begun(HttpClientRequest request) {
    if (!ended) {
      sent = new Sent(request, clock.instant());
    }
    return !ended;
  }

  private synchronized ResponsePredicateResult headCame(HttpResponse<Void> response) {
    head =
        new Head(
            response.statusCode(),
            Optional.ofNullable(response.getHeader("Content-Type")),
            Optional.ofNullable(response.getHeader("Retry-After")),
            resetHeader.map(response::getHeader),
            Optional.ofNullable(response.getHeader("Date")));
    return ResponsePredicateResult.success();
  }

  private void complete(HttpResponse<String> response) {
    String body = Objects.requireNonNullElse(response.body(), "");
    end(Obstacle.CONNECT, Doubt.UNREADABLE, new Body.Complete(body));
  }

  private void tooLarge() {
    end(Obstacle.CONNECT, Doubt.UNREADABLE, new Body.TooLarge());
  }

  private void failed(Throwable failure) {
    end(SendFailures.obstacle(failure), Doubt.CUT, new Body.Cut());
  }

  /**
   * @param unsent what it is where nothing was written
   * @param unanswered what it is where no headers came
   * @param body what it is where they did
   */
  private void end(Obstacle unsent, Doubt unanswered, Body body) {
    Outcome how;
    Sent request;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      request = sent;
      how = outcome(unsent, unanswered, body);
    }
    if (request != null && !(body instanceof Body.Complete)) {
      request.request().reset();
    }
    outcome.complete(how);
  }

  private Outcome outcome(Obstacle unsent, Doubt unanswered, Body body) {
    if (sent == null) {
      return new Outcome.Unsent(unsent);
    }
    if (head == null) {
      return new Outcome.Unknown(unanswered);
    }
    return new Outcome.Answered(
        new TokenAnswer(head.status(), head.contentType(), head.retryAfter(), head.resetAt(), body),
        sent.at(),
        clock.instant(),
        head.date());
  }
}
