package org.tokenbroker.event.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.CloudEvent;
import org.tokenbroker.event.Failure;
import org.tokenbroker.event.Letter;
import org.tokenbroker.event.Receipt;
import org.tokenbroker.platform.outbound.AddressGuard;

/**
 * One letter posted, and what came of it. Serves once.
 *
 * <ol>
 *   <li>It ends within the time limit, whatever the receiver does, and exactly once.
 *   <li>Nothing is written to an address that is out of reach, whatever the name led to before.
 *   <li>No redirect is followed. The connection is closed as soon as the head of the answer is
 *       there: no byte of the body is kept.
 * </ol>
 */
final class Posting {
  private final Vertx vertx;
  private final AddressGuard addresses;
  private final Duration timeout;
  private final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
  private @Nullable HttpClientRequest request;

  Posting(Vertx vertx, AddressGuard addresses, Duration timeout) {
    this.vertx = vertx;
    this.addresses = addresses;
    this.timeout = timeout;
  }

  Uni<Receipt> carryOut(HttpClient client, URI url, Letter letter) {
    long timer = vertx.setTimer(timeout.toMillis(), late -> end(Failure.TIMED_OUT));
    addresses.ask(url.getHost()).onSuccess(answer -> proceed(answer, client, url, letter));
    return Uni.createFrom()
        .completionStage(receipt)
        .onItem()
        .invoke(() -> vertx.cancelTimer(timer));
  }

  private void proceed(AddressGuard.Answer answer, HttpClient client, URI url, Letter letter) {
    switch (answer) {
      case ALLOWED ->
          client
              .request(options(url, letter))
              .onSuccess(opened -> write(opened, letter))
              .onFailure(this::failed);
      case REFUSED -> end(Failure.FORBIDDEN_ADDRESS);
      case UNRESOLVED -> end(Failure.UNREACHABLE);
    }
  }

  private void write(HttpClientRequest opened, Letter letter) {
    if (!addresses.allows(opened.connection())) {
      end(Failure.FORBIDDEN_ADDRESS);
      opened.connection().close();
      return;
    }
    if (!begun(opened)) {
      opened.reset();
      return;
    }
    opened.send(Buffer.buffer(letter.body())).onSuccess(this::answered).onFailure(this::failed);
  }

  private void answered(HttpClientResponse response) {
    response.exceptionHandler(closedByUs -> {});
    end(
        new Receipt.Answered(
            response.statusCode(), Optional.ofNullable(response.getHeader("Retry-After"))));
  }

  private void failed(Throwable failure) {
    end(failure instanceof SSLException ? Failure.TLS : Failure.UNREACHABLE);
  }

  private void end(Failure failure) {
    end(new Receipt.Unanswered(failure));
  }

  /** False where it has ended before anything was written. */
  private synchronized boolean begun(HttpClientRequest opened) {
    request = opened;
    return !receipt.isDone();
  }

  private void end(Receipt how) {
    HttpClientRequest opened;
    synchronized (this) {
      if (!receipt.complete(how)) {
        return;
      }
      opened = request;
    }
    if (opened != null) {
      opened.connection().close();
    }
  }

  private static RequestOptions options(URI url, Letter letter) {
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setAbsoluteURI(url.toString())
        .setFollowRedirects(false)
        .putHeader("Content-Type", CloudEvent.MEDIA_TYPE + "; charset=utf-8")
        .putHeader("User-Agent", "token-broker")
        .putHeader("Connection", "close")
        .putHeader("webhook-id", letter.id())
        .putHeader("webhook-timestamp", letter.timestamp())
        .putHeader("webhook-signature", letter.signature());
  }
}
