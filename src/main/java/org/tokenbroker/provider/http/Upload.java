package org.tokenbroker.provider.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.streams.Pipe;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, or none at all, that is written in one piece, and tells when: the web
 * client asks for it once the connection stands, its TLS handshake included, and before it has
 * written anything. Until then a request is provably not sent.
 */
final class Upload implements ReadStream<Buffer> {
  private final Buffer body;
  private final Predicate<HttpClientRequest> begin;

  /**
   * @param begin asked once, with the request on its connection; answers whether it may be written
   */
  Upload(Buffer body, Predicate<HttpClientRequest> begin) {
    this.body = body;
    this.begin = begin;
  }

  @Override
  public Pipe<Buffer> pipe() {
    return new Pipe<>() {
      @Override
      public void to(WriteStream<Buffer> request, Handler<AsyncResult<Void>> written) {
        write((HttpClientRequest) request, written);
      }

      @Override
      public Pipe<Buffer> endOnFailure(boolean end) {
        return this;
      }

      @Override
      public Pipe<Buffer> endOnSuccess(boolean end) {
        return this;
      }

      @Override
      public Pipe<Buffer> endOnComplete(boolean end) {
        return this;
      }

      @Override
      public void close() {
        // Nothing is open before the request is.
      }
    };
  }

  private void write(HttpClientRequest request, Handler<AsyncResult<Void>> written) {
    if (begin.test(request)) {
      send(request).onComplete(written);
    } else {
      request.exceptionHandler(Upload::isOurs).reset();
    }
  }

  /** A failure that we caused is nothing to log. */
  private static void isOurs(Throwable reset) {}

  private Future<Void> send(HttpClientRequest request) {
    return body.length() > 0 ? request.end(body) : request.setChunked(false).end();
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> handler) {
    return this;
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> handler) {
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    return this;
  }
}
