package org.tokenbroker.provider.http;

import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.http.Outcome.Unknown;
import org.tokenbroker.provider.http.Outcome.Unsent;

/**
 * What a failed request tells. Only failures that occur while a connection is made prove that
 * nothing was written; every other one leaves it open, because a wrong "not processed" may spend a
 * single-use refresh token twice.
 */
final class SendFailures {
  private SendFailures() {}

  /**
   * @param failure of a request without an answer, before its total time limit. A time-out within
   *     that limit can only be the one for making the connection
   */
  static Outcome read(Throwable failure) {
    return switch (failure) {
      case SSLHandshakeException handshake -> new Unsent(Obstacle.TLS);
      case NotSslRecordException plainText -> new Unsent(Obstacle.TLS);
      case ConnectException refused -> new Unsent(Obstacle.CONNECT);
      case NoRouteToHostException noRoute -> new Unsent(Obstacle.CONNECT);
      case UnknownHostException noAddress -> new Unsent(Obstacle.CONNECT);
      case TimeoutException connecting -> new Unsent(Obstacle.CONNECT);
      case ConnectionPoolTooBusyException busy -> new Unsent(Obstacle.HELD_BACK);
      default -> new Unknown(Doubt.CUT);
    };
  }
}
