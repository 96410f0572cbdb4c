package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/**
 * What scheduling, listing and authorization need to know of connections; holds no secret. Deleted
 * connections are unknown to every reader. Every failure of the store is the value {@code
 * Unavailable}.
 */
public interface Ledger {
  Uni<LedgerRead> find(ConnectionId id);

  Uni<Candidates> search(TenantId tenant, RegistrationId registration);

  /**
   * @param provider profile id
   */
  Uni<Candidates> search(TenantId tenant, String provider);

  /** Ordered by id. */
  Uni<Listing> list(Filter filter, Optional<ConnectionId> after, int limit);

  /** A deleted connection's id may be used again; its generations go on from where they were. */
  Uni<Creation> create(Connection connection);

  /**
   * An owner's answer is on its way: have the sweep look at the safe at that time, should this
   * process not finish. Not where the connection was revoked since the agreement began, or what it
   * held is not erased yet.
   *
   * @param begunAt when the owner was sent to the provider
   */
  Uni<LedgerWrite> expectGrant(ConnectionId id, Instant begunAt, Instant lookAt);

  /**
   * An agreement was kept: the connection becomes what {@link Agreement} says, and whoever holds
   * its lease is fenced off.
   */
  Uni<LedgerWrite> agreed(ConnectionId id, Agreed agreed, Instant now);

  /**
   * An unclaimed connection becomes this tenant's and active (BE-4).
   *
   * @param ahead whether one whose facts are not known yet may be promised to the tenant: it
   *     becomes the tenant's once they are
   */
  Uni<LedgerWrite> claim(ConnectionId id, TenantId tenant, boolean ahead, Instant now);

  /**
   * An API key is durable: the connection is active with it. Not where a newer one is known, or it
   * was revoked meanwhile.
   *
   * @param scopes of the key (MK-10)
   * @param begunAt when an operator put it
   */
  Uni<LedgerWrite> keyed(
      ConnectionId id, Generation generation, Scopes scopes, Instant begunAt, Instant now);

  /**
   * The API refuses the newest API key: an active connection is ailing, any other is left alone.
   */
  Uni<LedgerWrite> keyRefused(ConnectionId id, Generation generation, Instant now);

  Uni<LedgerWrite> disable(ConnectionId id, Instant now);

  /** Goes back to the state before; a token refresh is due at once. */
  Uni<LedgerWrite> enable(ConnectionId id, Instant now);

  /**
   * Its grant, or API key, has ended: it is neither refreshed nor served, its consent links are
   * withdrawn, and whoever holds its lease is fenced off. What it left in the safe is erased by
   * {@link Disconnection}. Not where nobody has it, where there is nothing to end, and for client
   * credentials.
   */
  Uni<LedgerWrite> revoke(ConnectionId id, Instant now);

  /** From then on it is unknown; what it left in the safe is erased by {@link Disconnection}. */
  Uni<LedgerWrite> delete(ConnectionId id, Instant now);

  /**
   * What an agreement brought.
   *
   * @param begunAt when its owner was sent to the provider
   * @param facts what the provider told along: in place of all that was told before, or beside it
   *     until the look-up replaces it
   * @param looksUp whether the profile wants facts looked up: they are due at once
   * @param term how long the agreement lasts
   * @param dueAt when the token is to be refreshed
   */
  record Agreed(
      Instant begunAt,
      Held held,
      Map<String, String> facts,
      boolean looksUp,
      Term term,
      Instant dueAt) {}

  /**
   * What a list is narrowed to; an empty member does not narrow.
   *
   * @param state one of {@link States}
   * @param consentEndsBefore those whose agreement is known to end before that moment
   */
  record Filter(
      Optional<TenantId> tenant,
      Optional<RegistrationId> registration,
      Optional<String> provider,
      Optional<String> state,
      Optional<Instant> consentEndsBefore) {}

  /** Outcome of listing. */
  sealed interface Listing {
    /**
     * @param more whether connections follow the last one
     */
    record Page(List<Connection> connections, boolean more) implements Listing {}

    record Unavailable() implements Listing {}
  }

  /** Outcome of creating. */
  sealed interface Creation {
    record Created(Connection connection) implements Creation {}

    /** A living connection has that id. */
    record Exists(Connection connection) implements Creation {}

    record NoSuchRegistration() implements Creation {}

    record Unavailable() implements Creation {}
  }

  /** Outcome of a change. */
  sealed interface LedgerWrite {
    /**
     * @param connection as it is now
     */
    record Done(Connection connection) implements LedgerWrite {}

    /** Never created, or deleted. */
    record Unknown() implements LedgerWrite {}

    /** Its state does not allow the change. */
    record NotNow(Connection connection) implements LedgerWrite {}

    record Unavailable() implements LedgerWrite {}
  }
}
