package org.tokenbroker.platform.door;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.tokenbroker.platform.identity.Identification;
import org.tokenbroker.platform.identity.Identification.Refusal;
import org.tokenbroker.platform.identity.IdentityPolicy;
import org.tokenbroker.platform.identity.PeerIdentity;

/**
 * Who calls on the TLS door, by the certificate of the handshake and nothing else: headers that
 * name a client, such as {@code X-Forwarded-Client-Cert} or {@code Forwarded}, are not read (E4).
 * Worked out once for each connection.
 */
@ApplicationScoped
public class Callers {
  private static final String KEY = "token-broker.caller";

  private final Vertx vertx;
  private final IdentityPolicy policy;
  private final InstantSource time;
  private final DoorConfig config;
  private final DoorMaterial material;

  Callers(
      Vertx vertx,
      IdentityPolicy policy,
      InstantSource time,
      DoorConfig config,
      DoorMaterial material) {
    this.vertx = vertx;
    this.policy = policy;
    this.time = time;
    this.config = config;
    this.material = material;
  }

  /**
   * The caller of a request that the TLS door let in.
   *
   * @throws IllegalStateException for a request of another door
   */
  public static PeerIdentity of(RoutingContext request) {
    PeerIdentity caller = request.get(KEY);
    if (caller == null) {
      throw new IllegalStateException("a route outside the TLS door asks for its caller");
    }
    return caller;
  }

  /** Recognises the caller and notes it on the request. */
  Identification recognise(RoutingContext routing) {
    Instant now = time.instant();
    HttpServerRequest request = routing.request();
    Channel channel = ((ConnectionBase) request.connection()).channel();
    TlsConnection known = channel.attr(TlsConnection.KEY).get();
    if (known == null) {
      X509Certificate leaf;
      try {
        leaf = (X509Certificate) request.sslSession().getPeerCertificates()[0];
      } catch (SSLPeerUnverifiedException noCertificate) {
        return new Identification.Refused(Refusal.UNREADABLE);
      }
      if (!material.trusts(request.sslSession())) {
        return new Identification.Refused(Refusal.NO_LONGER_TRUSTED);
      }
      known = TlsConnection.begin(policy.identify(leaf, now), leaf, now, config.maxConnectionAge());
      known.closeInTime(vertx, request.connection(), channel, request.version(), now);
      request
          .sslSession()
          .getSessionContext()
          .setSessionTimeout((int) config.maxConnectionAge().toSeconds());
      channel.attr(TlsConnection.KEY).set(known);
    }
    if (known.isOver(now)) {
      return new Identification.Refused(Refusal.NOT_VALID_NOW);
    }
    if (known.identification() instanceof Identification.Known(PeerIdentity caller)) {
      routing.put(KEY, caller);
      known.follow(routing, now);
    }
    return known.identification();
  }
}
