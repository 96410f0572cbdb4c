package org.tokenbroker.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.tokenbroker.sandbox.TokenEndpointHandler.TokenAnswer;

/** Sends answers, proper and spoilt, and tells the ledger when each has ended. */
final class FaultPlayer {
  private static final Buffer PIECE = Buffer.buffer("x".repeat(16 * 1024));

  /** A request that was read and waits to be carried out. */
  interface TokenRequest {
    TokenAnswer carryOut();
  }

  private final Vertx vertx;
  private final TokenLedger ledger;

  FaultPlayer(Vertx vertx, TokenLedger ledger) {
    this.vertx = vertx;
    this.ledger = ledger;
  }

  void play(Fault fault, RoutingContext http, long entry, TokenRequest request) {
    switch (fault) {
      case Fault.Delay delay -> {
        TokenAnswer answer = request.carryOut();
        vertx.setTimer(Math.max(1, delay.before().toMillis()), fired -> send(http, entry, answer));
      }
      case Fault.Hang hang -> carryOutIf(hang.effect(), request);
      case Fault.Cut cut -> {
        carryOutIf(cut.effect(), request);
        http.request().connection().close();
      }
      case Fault.CutMidBody cut -> sendHalf(http, entry, request.carryOut());
      case Fault.HugeBody huge -> {
        TokenAnswer swallowed = request.carryOut();
        ledger.answered(entry, swallowed.status(), swallowed.error());
        sendHuge(http, entry, huge.bytes());
      }
      case Fault.Answer answer -> {
        carryOutIf(answer.effect(), request);
        send(http, entry, new TokenAnswer(answer.status(), answer.headers(), answer.body()));
      }
    }
  }

  void send(RoutingContext http, long entry, TokenAnswer answer) {
    HttpServerResponse response = http.response();
    if (response.closed()) {
      return;
    }
    ledger.answered(entry, answer.status(), answer.error());
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    // Ended before the bytes leave: the caller's next request must never seem to overlap this one.
    ledger.ended(entry, true);
    response.end(answer.body());
  }

  private void sendHalf(RoutingContext http, long entry, TokenAnswer answer) {
    Buffer whole = Buffer.buffer(answer.body());
    HttpServerResponse response = http.response().setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    ledger.answered(entry, answer.status(), answer.error());
    response
        .putHeader("Content-Length", Integer.toString(whole.length()))
        .write(whole.getBuffer(0, whole.length() / 2))
        .onComplete(written -> http.request().connection().close());
  }

  private void sendHuge(RoutingContext http, long entry, long bytes) {
    HttpServerResponse response =
        http.response()
            .setStatusCode(200)
            .putHeader("Content-Type", "application/json")
            .setChunked(true);
    response.write("{\"access_token\":\"");
    pump(response, entry, bytes);
  }

  private void pump(HttpServerResponse response, long entry, long left) {
    long remaining = left;
    while (remaining > 0 && !response.closed()) {
      if (response.writeQueueFull()) {
        long rest = remaining;
        response.drainHandler(drained -> pump(response, entry, rest));
        return;
      }
      Buffer piece = remaining >= PIECE.length() ? PIECE : PIECE.getBuffer(0, (int) remaining);
      response.write(piece.copy());
      remaining -= piece.length();
    }
    if (!response.closed()) {
      ledger.ended(entry, true);
      response.end("\"}");
    }
  }

  private static void carryOutIf(Fault.Effect effect, TokenRequest request) {
    switch (effect) {
      case APPLIED -> request.carryOut();
      case NOT_APPLIED -> {}
    }
  }
}
