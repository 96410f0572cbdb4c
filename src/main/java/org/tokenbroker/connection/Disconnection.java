package org.tokenbroker.connection;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.RevocationOrders.Tokens;
import org.tokenbroker.connection.Revocations.Order;
import org.tokenbroker.connection.Revocations.ToErase;
import org.tokenbroker.platform.LogContext;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profile.Revoke.TokenKind;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/**
 * The end of a connection that the ledger forgot, or of the grant of one that was revoked (G-13):
 *
 * <ol>
 *   <li>its tokens are copied to where the outbox finds them,
 *   <li>the order to revoke them is written,
 *   <li>its credential is emptied, if it is still the copied one: else that is copied first,
 *   <li>all versions of its credential, and of its API key, are destroyed,
 *   <li>the tombstone is written, or that the revoked one is empty,
 *   <li>the outbox revokes the tokens in the order that the profile names (RFC 7009), and destroys
 *       the copy.
 * </ol>
 *
 * <p>Each step may be repeated; a crash between two is taken up by the next {@link #eraseAll} or
 * {@link #revokeAll}.
 */
@ApplicationScoped
public class Disconnection {
  private static final Logger LOG = Logger.getLogger(Disconnection.class);
  private static final int BATCH = 20;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);

  private final SecretSafe safe;
  private final Credentials credentials;
  private final ApiKeys keys;
  private final Revocations revocations;
  private final RevocationOrders orders;
  private final Clients clients;
  private final TokenEndpoint endpoint;
  private final InstantSource time;

  Disconnection(
      SecretSafe safe,
      Credentials credentials,
      ApiKeys keys,
      Revocations revocations,
      RevocationOrders orders,
      Clients clients,
      TokenEndpoint endpoint,
      InstantSource time) {
    this.safe = safe;
    this.credentials = credentials;
    this.keys = keys;
    this.revocations = revocations;
    this.orders = orders;
    this.clients = clients;
    this.endpoint = endpoint;
    this.time = time;
  }

  /**
   * Erases now what can be erased now; the rest follows by {@link #eraseAll}.
   *
   * @return whether it was erased by this call
   */
  public Uni<Boolean> erase(ConnectionId id) {
    return revocations.claimToErase(id).chain(this::eraseEach);
  }

  public Uni<Void> eraseAll() {
    return revocations.claimToErase(BATCH).chain(this::eraseEach).replaceWithVoid();
  }

  public Uni<Void> revokeAll() {
    return revocations
        .claimOrders(BATCH, time.instant())
        .chain(
            orders ->
                Multi.createFrom()
                    .iterable(orders)
                    .onItem()
                    .transformToUniAndConcatenate(this::revoke)
                    .toUni()
                    .replaceWithVoid());
  }

  private Uni<Boolean> eraseEach(List<ToErase> all) {
    return Multi.createFrom()
        .iterable(all)
        .onItem()
        .transformToUniAndConcatenate(this::erase)
        .collect()
        .asList()
        .map(erased -> !erased.isEmpty() && !erased.contains(false));
  }

  private Uni<Boolean> erase(ToErase ended) {
    LogContext.connection(ended.id());
    return credentials
        .read(ended.id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found -> copy(ended, found);
                  case CredentialRead.Absent absent -> destroy(ended);
                  case CredentialRead.Unavailable unavailable -> later(ended);
                });
  }

  /**
   * Before anything is destroyed: a copy that no order names would stay in the safe for ever, and
   * its tokens alive.
   */
  private Uni<Boolean> copy(ToErase ended, CredentialRead.Found found) {
    Tokens tokens = Tokens.of(found.credential());
    if (ended.moved()) {
      return destroy(ended);
    }
    if (tokens.isEmpty()) {
      return fence(ended, found.version());
    }
    return orders
        .put(orderId(ended.id(), found), ended.registration(), tokens)
        .chain(ordered -> ordered ? fence(ended, found.version()) : later(ended));
  }

  /** What came between the copy and this was not copied yet, and what comes later finds nothing. */
  private Uni<Boolean> fence(ToErase ended, SafeVersion copied) {
    return credentials
        .write(ended.id(), Credential.EMPTY, copied)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> destroy(ended);
                  case SafeWrite.Conflict newer -> erase(ended);
                  case SafeWrite.Unavailable unavailable -> later(ended);
                });
  }

  private Uni<Boolean> destroy(ToErase ended) {
    return credentials
        .destroy(ended.id())
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> keys.destroy(ended.id());
                  case SafeDestroy.Unavailable unavailable -> Uni.createFrom().item(unavailable);
                })
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> revocations.erased(ended, time.instant());
                  case SafeDestroy.Unavailable unavailable -> later(ended);
                });
  }

  private Uni<Boolean> later(ToErase ended) {
    LOG.warnf(
        "Connection %s has ended but the safe did not erase what it held yet: trying again",
        ended.id());
    return Uni.createFrom().item(false);
  }

  private Uni<Void> revoke(Order order) {
    return safe.read(RevocationOrders.path(order))
        .chain(
            read ->
                switch (read) {
                  case SafeRead.Found found -> revoke(order, found.document());
                  case SafeRead.Absent absent -> revocations.done(order).replaceWithVoid();
                  case SafeRead.Unavailable unavailable -> postpone(order, FIRST_DELAY);
                });
  }

  private Uni<Void> revoke(Order order, SafeDocument tokens) {
    return clients
        .find(order.registration())
        .map(lookup -> lookup.toldBy(RevocationOrders.Tokens.facts(tokens)))
        .chain(
            lookup ->
                switch (lookup) {
                  case ClientLookup.Ready ready -> revoke(order, ready.client(), tokens);
                  case ClientLookup.Unknown unknown -> forget(order);
                  case ClientLookup.Incomplete incomplete -> postpone(order, LONGEST_DELAY);
                  case ClientLookup.SafeUnavailable unavailable -> postpone(order, FIRST_DELAY);
                  case ClientLookup.LedgerUnavailable unavailable -> postpone(order, FIRST_DELAY);
                });
  }

  private Uni<Void> revoke(Order order, ProviderClient client, SafeDocument tokens) {
    return revokeEach(client, revocations(client.profile().revoke(), tokens))
        .chain(
            reply ->
                switch (reply) {
                  case RevokeReply.Revoked revoked -> forget(order);
                  case RevokeReply.Unsupported unsupported -> forget(order);
                  case RevokeReply.Refused refused -> forget(order);
                  case RevokeReply.Later later ->
                      postpone(order, longer(later.after(), delay(order)));
                });
  }

  /** In order, up to one that has to be tried again later. */
  private Uni<RevokeReply> revokeEach(ProviderClient client, List<Revocation> wanted) {
    Uni<RevokeReply> all = Uni.createFrom().item(new RevokeReply.Revoked());
    for (Revocation next : wanted) {
      all =
          all.chain(
              reply ->
                  reply instanceof RevokeReply.Later
                      ? Uni.createFrom().item(reply)
                      : endpoint.revoke(client, next));
    }
    return all;
  }

  /** What the profile wants to be revoked, as far as there is such a token; each only once. */
  static List<Revocation> revocations(Profile.Revoke rules, SafeDocument tokens) {
    Optional<Secret> accessToken = tokens.field(RevocationOrders.ACCESS_TOKEN).map(Secret::of);
    Map<Secret, Revocation> revocations = new LinkedHashMap<>();
    for (TokenKind kind : rules.tokens()) {
      tokens
          .field(field(kind))
          .map(Secret::of)
          .ifPresent(
              token -> revocations.putIfAbsent(token, new Revocation(token, kind, accessToken)));
    }
    return List.copyOf(revocations.values());
  }

  private static String field(TokenKind kind) {
    return switch (kind) {
      case REFRESH_TOKEN -> RevocationOrders.REFRESH_TOKEN;
      case ACCESS_TOKEN -> RevocationOrders.ACCESS_TOKEN;
    };
  }

  private Uni<Void> postpone(Order order, Duration delay) {
    Instant nextAt = time.instant().plus(delay);
    if (nextAt.isAfter(order.giveUpAt())) {
      LOG.warnf(
          "Tokens of a connection of registration %s that has ended could not be revoked in time",
          order.registration());
      return forget(order);
    }
    return revocations.postpone(order, nextAt).replaceWithVoid();
  }

  private Uni<Void> forget(Order order) {
    return safe.destroy(RevocationOrders.path(order))
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> revocations.done(order).replaceWithVoid();
                  case SafeDestroy.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
  }

  /**
   * The same for the same credential, so that a repeated copy is recognised; another when the id
   * was used again.
   */
  private static String orderId(ConnectionId id, CredentialRead.Found found) {
    return id.value() + "." + found.credential().generation() + "." + found.version().value();
  }

  private static Duration delay(Order order) {
    Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(order.attempts(), 10));
    return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
