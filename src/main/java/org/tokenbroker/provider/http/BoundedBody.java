package org.tokenbroker.provider.http;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/** Collects a body up to the cap, and nothing beyond it. */
final class BoundedBody implements BodyCodec<String> {
  private final int limit;
  private final Runnable tooLarge;

  /**
   * @param limit in bytes
   * @param tooLarge told once, when the cap is passed
   */
  BoundedBody(int limit, Runnable tooLarge) {
    this.limit = limit;
    this.tooLarge = tooLarge;
  }

  @Override
  public void create(Handler<AsyncResult<BodyStream<String>>> handler) {
    handler.handle(Future.succeededFuture(new Collector()));
  }

  private final class Collector implements BodyStream<String> {
    private final Promise<String> text = Promise.promise();
    private final Buffer collected = Buffer.buffer();
    private boolean full;

    @Override
    public Future<Void> write(Buffer data) {
      if (!full && collected.length() + data.length() > limit) {
        full = true;
        tooLarge.run();
      }
      if (!full) {
        collected.appendBuffer(data);
      }
      return Future.succeededFuture();
    }

    @Override
    public void write(Buffer data, @Nullable Handler<AsyncResult<Void>> handler) {
      done(write(data), handler);
    }

    @Override
    public void end(@Nullable Handler<AsyncResult<Void>> handler) {
      text.tryComplete(collected.toString());
      done(Future.succeededFuture(), handler);
    }

    private void done(Future<Void> done, @Nullable Handler<AsyncResult<Void>> handler) {
      if (handler != null) {
        handler.handle(done);
      }
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
    public boolean writeQueueFull() {
      return false;
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
