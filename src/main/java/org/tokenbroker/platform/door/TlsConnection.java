package org.tokenbroker.platform.door;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.tokenbroker.platform.identity.Identification;

/**
 * What is known of one TLS connection: who called, and until when it may stay open. Lives on the
 * connection's channel and is touched by its event loop only.
 */
final class TlsConnection {
  static final AttributeKey<TlsConnection> KEY =
      AttributeKey.valueOf("token-broker.tls-connection");

  /** HTTP/2 streams under way when a connection ends get that long. */
  private static final long DRAIN_MILLIS = Duration.ofSeconds(15).toMillis();

  private final Identification identification;
  private final Instant closesAt;
  private final Instant windsDownAt;
  private int underWay;
  private boolean over;

  private TlsConnection(Identification identification, Instant closesAt, Instant windsDownAt) {
    this.identification = identification;
    this.closesAt = closesAt;
    this.windsDownAt = windsDownAt;
  }

  /** Starts a connection's clock at its first request. */
  static TlsConnection begin(
      Identification identification, X509Certificate leaf, Instant now, Duration maxAge) {
    Instant byAge = now.plus(maxAge);
    Instant byCertificate = leaf.getNotAfter().toInstant();
    return new TlsConnection(
        identification,
        byCertificate.isBefore(byAge) ? byCertificate : byAge,
        now.plus(maxAge.multipliedBy(9).dividedBy(10)));
  }

  Identification identification() {
    return identification;
  }

  boolean isOver(Instant now) {
    return !now.isBefore(closesAt);
  }

  /** Cuts the connection at its end, after the requests then under way. */
  void closeInTime(
      Vertx vertx, HttpConnection connection, Channel channel, HttpVersion version, Instant now) {
    long millis = Math.max(1, Duration.between(now, closesAt).toMillis());
    long timer = vertx.setTimer(millis, fired -> end(connection, version));
    channel.closeFuture().addListener(closed -> vertx.cancelTimer(timer));
  }

  private void end(HttpConnection connection, HttpVersion version) {
    over = true;
    if (version == HttpVersion.HTTP_2) {
      connection.shutdown(DRAIN_MILLIS);
    } else if (underWay == 0) {
      connection.close();
    }
  }

  /**
   * Counts a request; from nine tenths of the age on, HTTP/1.1 clients are asked to come back on a
   * new connection.
   */
  void follow(RoutingContext request, Instant now) {
    underWay++;
    boolean http1 = request.request().version() != HttpVersion.HTTP_2;
    boolean last = http1 && !now.isBefore(windsDownAt);
    if (last) {
      request.response().putHeader("Connection", "close");
    }
    request.addEndHandler(
        ended -> {
          underWay--;
          if (last || (http1 && over && underWay == 0)) {
            request.request().connection().close();
          }
        });
  }
}
