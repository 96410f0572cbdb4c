package org.tokenbroker.connection;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
 * @param tenant absent while nobody has claimed it (BE-4)
 * @param provider id of the registration's profile
 * @param requested scopes asked for (MO-6)
 * @param held what is known of the newest access token; absent before the first
 * @param issued the highest generation that was ever given out under this id, by a deleted
 *     connection too
 * @param term of its owner's agreement; absent before the first, and where no owner is asked
 * @param dueAt when it is to be refreshed next; absent while nothing is planned
 * @param metadata what an operator noted
 * @param facts what the provider told of itself; the newest told counts
 */
public record Connection(
    ConnectionId id,
    Optional<TenantId> tenant,
    RegistrationId registration,
    String provider,
    GrantType grant,
    Scopes requested,
    Health health,
    Optional<Held> held,
    Generation issued,
    Optional<Term> term,
    Optional<Instant> dueAt,
    Map<String, String> metadata,
    Map<String, String> facts,
    Instant createdAt,
    Instant updatedAt) {

  private static final Scopes OFFLINE = Scopes.of("offline_access");

  /** Under an id that no connection had before, with no agreement that is known. */
  public Connection(
      ConnectionId id,
      Optional<TenantId> tenant,
      RegistrationId registration,
      String provider,
      GrantType grant,
      Scopes requested,
      Health health,
      Optional<Held> held,
      Optional<Instant> dueAt,
      Map<String, String> metadata,
      Map<String, String> facts,
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
        Optional.empty(),
        dueAt,
        metadata,
        facts,
        createdAt,
        updatedAt);
  }

  /**
   * Scopes that were asked for and are not in force (C6). {@code offline_access} asks for a refresh
   * token (OpenID Connect Core §11) and is often not told among the scopes: it is left out.
   */
  public Scopes missingScopes() {
    return held.map(token -> requested.without(token.granted()).without(OFFLINE))
        .orElse(Scopes.none());
  }

  /** Whether it is this tenant's; one that nobody has claimed is nobody's. */
  public boolean belongsTo(TenantId candidate) {
    return tenant.filter(candidate::equals).isPresent();
  }

  /**
   * What consumers receive with each token. Where both name the same thing, the operator's
   * word stands.
   */
  public Map<String, String> publicMetadata() {
    Map<String, String> all = new TreeMap<>(facts);
    all.putAll(metadata);
    return Collections.unmodifiableMap(all);
  }

  /**
   * The newest access token, as far as the ledger tells.
   *
   * @param granted scopes the provider granted (MO-6)
   */
  public record Held(Generation generation, Lifetime lifetime, Scopes granted) {}
}
