package org.tokenbroker.provider.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.TokenAnswer;

/**
 * Collects a body up to the cap. Beyond it nothing more is read: the sender is stopped by
 * back-pressure until the request's idle time-out resets the connection.
 */
final class BoundedBody implements BodyCodec<String> {
  private final Runnable tooLarge;
  private volatile boolean stopped;

  /**
   * @param tooLarge told once, when the cap is passed
   */
  BoundedBody(Runnable tooLarge) {
    this.tooLarge = tooLarge;
  }

  @Override
  public void create(Handler<AsyncResult<BodyStream<String>>> handler) {
    handler.handle(Future.succeededFuture(new Collector()));
  }

  /** Reads nothing more. */
  void stop() {
    stopped = true;
  }

  private final class Collector implements BodyStream<String> {
    private final Promise<String> text = Promise.promise();
    private final Buffer collected = Buffer.buffer();

    @Override
    public Future<Void> write(Buffer data) {
      if (!stopped && collected.length() + data.length() > TokenAnswer.BODY_LIMIT) {
        stop();
        tooLarge.run();
      }
      if (!stopped) {
        collected.appendBuffer(data);
      }
      return Future.succeededFuture();
    }

    @Override
    public void write(Buffer data, @Nullable Handler<AsyncResult<Void>> handler) {
      Future<Void> written = write(data);
      if (handler != null) {
        handler.handle(written);
      }
    }

    @Override
    public void end(@Nullable Handler<AsyncResult<Void>> handler) {
      text.tryComplete(collected.toString());
      if (handler != null) {
        handler.handle(Future.succeededFuture());
      }
    }

    @Override
    public boolean writeQueueFull() {
      return stopped;
    }

    @Override
    public Future<String> result() {
      return text.future();
    }

    @Override
    public void handle(Throwable failure) {
      text.tryFail(failure);
    }

    @Override
    public BodyStream<String> exceptionHandler(@Nullable Handler<Throwable> handler) {
      return this;
    }

    @Override
    public BodyStream<String> setWriteQueueMaxSize(int maxSize) {
      return this;
    }

    @Override
    public BodyStream<String> drainHandler(@Nullable Handler<Void> handler) {
      return this;
    }
  }
}
