package org.tokenbroker.connection;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
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
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

/**
 * The end of a connection, after the ledger forgot it (G-13):
 *
 * <ol>
 *   <li>its tokens are copied to where the outbox finds them,
 *   <li>the order to revoke them is written,
 *   <li>all versions of its credential, and of its API key, are destroyed,
 *   <li>the tombstone is written,
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
  private static final String FOLDER = "revocations";
  private static final String REFRESH_TOKEN = "refresh_token";
  private static final String ACCESS_TOKEN = "access_token";
  private static final int BATCH = 20;
  private static final Duration KEEP_TRYING = Duration.ofHours(48);
  private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
  private static final Duration LONGEST_DELAY = Duration.ofHours(1);

  private final SecretSafe safe;
  private final Credentials credentials;
  private final ApiKeys keys;
  private final Revocations revocations;
  private final Clients clients;
  private final TokenEndpoint endpoint;
  private final InstantSource time;

  Disconnection(
      SecretSafe safe,
      Credentials credentials,
      ApiKeys keys,
      Revocations revocations,
      Clients clients,
      TokenEndpoint endpoint,
      InstantSource time) {
    this.safe = safe;
    this.credentials = credentials;
    this.keys = keys;
    this.revocations = revocations;
    this.clients = clients;
    this.endpoint = endpoint;
    this.time = time;
  }

  /** Erases now what can be erased now; the rest follows by {@link #eraseAll}. */
  public Uni<Void> erase(ConnectionId id) {
    return revocations.claimToErase(id).chain(this::eraseEach);
  }

  public Uni<Void> eraseAll() {
    return revocations.claimToErase(BATCH).chain(this::eraseEach);
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

  private Uni<Void> eraseEach(List<ToErase> all) {
    return Multi.createFrom()
        .iterable(all)
        .onItem()
        .transformToUniAndConcatenate(this::erase)
        .toUni()
        .replaceWithVoid();
  }

  private Uni<Void> erase(ToErase deleted) {
    LogContext.connection(deleted.id());
    return credentials
        .read(deleted.id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found -> copy(deleted, found);
                  case CredentialRead.Absent absent -> destroy(deleted);
                  case CredentialRead.Unavailable unavailable -> later(deleted);
                });
  }

  private Uni<Void> copy(ToErase deleted, CredentialRead.Found found) {
    Map<String, String> tokens = tokens(found.credential());
    if (deleted.moved() || tokens.isEmpty()) {
      return destroy(deleted);
    }
    Order order =
        new Order(
            orderId(deleted.id(), found),
            deleted.registration(),
            0,
            time.instant().plus(KEEP_TRYING));
    return safe.write(path(order), new SafeDocument(tokens), SafeVersion.ABSENT)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> order(deleted, order);
                  case SafeWrite.Conflict copiedBefore -> order(deleted, order);
                  case SafeWrite.Unavailable unavailable -> later(deleted);
                });
  }

  /**
   * Before anything is destroyed: a copy that no order names would stay in the safe for ever, and
   * its tokens alive.
   */
  private Uni<Void> order(ToErase deleted, Order order) {
    return revocations
        .order(order, time.instant())
        .chain(noted -> noted ? destroy(deleted) : Uni.createFrom().voidItem());
  }

  private Uni<Void> destroy(ToErase deleted) {
    return credentials
        .destroy(deleted.id())
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> keys.destroy(deleted.id());
                  case SafeDestroy.Unavailable unavailable -> Uni.createFrom().item(unavailable);
                })
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done ->
                      revocations.erased(deleted.id(), time.instant()).replaceWithVoid();
                  case SafeDestroy.Unavailable unavailable -> later(deleted);
                });
  }

  private Uni<Void> later(ToErase deleted) {
    LOG.warnf(
        "Connection %s is deleted but the safe did not erase it yet: trying again", deleted.id());
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> revoke(Order order) {
    return safe.read(path(order))
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
    Optional<Secret> accessToken = tokens.field(ACCESS_TOKEN).map(Secret::of);
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
      case REFRESH_TOKEN -> REFRESH_TOKEN;
      case ACCESS_TOKEN -> ACCESS_TOKEN;
    };
  }

  private Uni<Void> postpone(Order order, Duration delay) {
    Instant nextAt = time.instant().plus(delay);
    if (nextAt.isAfter(order.giveUpAt())) {
      LOG.warnf(
          "The tokens of a deleted connection of registration %s could not be revoked in time",
          order.registration());
      return forget(order);
    }
    return revocations.postpone(order, nextAt).replaceWithVoid();
  }

  private Uni<Void> forget(Order order) {
    return safe.destroy(path(order))
        .chain(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> revocations.done(order).replaceWithVoid();
                  case SafeDestroy.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
  }

  private static Map<String, String> tokens(Credential credential) {
    Map<String, String> tokens = new HashMap<>();
    credential.refreshToken().ifPresent(token -> tokens.put(REFRESH_TOKEN, token.value().reveal()));
    credential
        .accessToken()
        .map(AccessToken::value)
        .ifPresent(value -> tokens.put(ACCESS_TOKEN, value.reveal()));
    return tokens;
  }

  /**
   * The same for the same credential, so that a repeated copy is recognised; another when the id
   * was used again.
   */
  private static String orderId(ConnectionId id, CredentialRead.Found found) {
    return id.value() + "." + found.credential().generation() + "." + found.version().value();
  }

  private static SafePath path(Order order) {
    return SafePath.of(FOLDER, order.id());
  }

  private static Duration delay(Order order) {
    Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(order.attempts(), 10));
    return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
