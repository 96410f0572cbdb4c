package org.tokenbroker.platform.outbound;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Holds {@link AddressRules} for calls that are made with Vert.x. Both are asked for each call,
 * since a name may lead somewhere else a moment later:
 *
 * <ol>
 *   <li>{@link #ask} before a connection is opened: nobody within the network is even knocked at.
 *       The name is looked up on a worker thread; the call that follows finds it in the JVM's cache
 *       instead of waiting for a name server on its event loop.
 *   <li>{@link #allows} on the connection, before a byte of the request is written: it looks at the
 *       address that the connection really has. Where calls go through a proxy, that is the
 *       proxy's.
 * </ol>
 */
public final class AddressGuard {
  private final AddressRules rules;
  private final Vertx vertx;
  private final Lookup lookup;

  public AddressGuard(AddressRules rules, Vertx vertx) {
    this(rules, vertx, host -> List.of(InetAddress.getAllByName(host)));
  }

  AddressGuard(AddressRules rules, Vertx vertx, Lookup lookup) {
    this.rules = rules;
    this.vertx = vertx;
    this.lookup = lookup;
  }

  /** A name service; may block. */
  @FunctionalInterface
  interface Lookup {
    List<InetAddress> addresses(String host) throws UnknownHostException;
  }

  /** What is known before a connection is opened. */
  public enum Answer {
    ALLOWED,
    /** An address that it leads to is not allowed. */
    REFUSED,
    /** No address was found. */
    UNRESOLVED
  }

  /**
   * Looks the host up. Never fails.
   *
   * @param host of a URL; an IPv6 address with or without its brackets
   */
  public Future<Answer> ask(String host) {
    if (!rules.allowHost(host)) {
      return Future.succeededFuture(Answer.REFUSED);
    }
    if (Literals.host(host).isPresent()) {
      return Future.succeededFuture(Answer.ALLOWED);
    }
    return vertx
        .executeBlocking(() -> judged(lookup.addresses(host)), false)
        .map(answer -> Objects.requireNonNullElse(answer, Answer.UNRESOLVED))
        .otherwise(Answer.UNRESOLVED);
  }

  private Answer judged(List<InetAddress> addresses) {
    return addresses.stream().allMatch(rules::allow) ? Answer.ALLOWED : Answer.REFUSED;
  }

  /** Whether a request may be written to this connection; false where its peer is not known. */
  public boolean allows(HttpConnection connection) {
    return Optional.ofNullable(connection.remoteAddress())
        .map(SocketAddress::hostAddress)
        .flatMap(AddressGuard::withoutZone)
        .filter(rules::allow)
        .isPresent();
  }

  private static Optional<InetAddress> withoutZone(String address) {
    int zone = address.indexOf('%');
    return Literals.address(zone < 0 ? address : address.substring(0, zone));
  }
}
