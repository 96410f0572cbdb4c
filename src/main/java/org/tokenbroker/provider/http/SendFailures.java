package org.tokenbroker.provider.http;

import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import javax.net.ssl.SSLHandshakeException;
import org.tokenbroker.provider.TokenReply.Obstacle;

/** Why a request was not sent. */
final class SendFailures {
  private SendFailures() {}

  /**
   * @param failure of a request of which nothing was written
   */
  static Obstacle obstacle(Throwable failure) {
    return switch (failure) {
      case SSLHandshakeException handshake -> Obstacle.TLS;
      case NotSslRecordException plainText -> Obstacle.TLS;
      case ConnectionPoolTooBusyException busy -> Obstacle.HELD_BACK;
      default -> Obstacle.CONNECT;
    };
  }
}
