package org.tokenbroker.connection;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/**
 * What the ledger knows of a connection. Holds no secret.
 *
 * @param provider id of the registration's profile
 * @param requested scopes asked for (MO-6)
 * @param held what is known of the newest access token; absent before the first
 * @param issued the highest generation that was ever given out under this id, by a deleted
 *     connection too
 * @param dueAt when it is to be refreshed next; absent while nothing is planned
 * @param metadata public facts that consumers receive
 */
public record Connection(
    ConnectionId id,
    TenantId tenant,
    RegistrationId registration,
    String provider,
    GrantType grant,
    Scopes requested,
    Health health,
    Optional<Held> held,
    Generation issued,
    Optional<Instant> dueAt,
    Map<String, String> metadata,
    Instant createdAt,
    Instant updatedAt) {

  /** Under an id that no connection had before. */
  public Connection(
      ConnectionId id,
      TenantId tenant,
      RegistrationId registration,
      String provider,
      GrantType grant,
      Scopes requested,
      Health health,
      Optional<Held> held,
      Optional<Instant> dueAt,
      Map<String, String> metadata,
      Instant createdAt,
      Instant updatedAt) {
    this(
        id,
        tenant,
        registration,
        provider,
        grant,
        requested,
        health,
        held,
        held.map(Held::generation).orElse(Generation.NONE),
        dueAt,
        metadata,
        createdAt,
        updatedAt);
  }

  /**
   * The newest access token, as far as the ledger tells.
   *
   * @param granted scopes the provider granted (MO-6)
   */
  public record Held(Generation generation, Lifetime lifetime, Scopes granted) {}
}
