package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.RevocationDesk.AtProvider;
import org.tokenbroker.connection.States;
import org.tokenbroker.provider.GrantType;

/**
 * What died by a revocation (G-13). Holds no secret.
 *
 * @param state {@code revoked}, unless its owner agreed anew meanwhile
 * @param died what is served and used no more: of these, what it had
 * @param inSafe {@code destroyed}: all versions; {@code being_destroyed}: a refresh is still under
 *     way or the safe does not answer, and it is tried again by itself
 * @param atProvider {@code told}, {@code told_later}, {@code no_endpoint} or {@code key_stays}
 */
@RegisterForReflection
public record RevocationView(
    String id,
    String state,
    Instant since,
    List<String> died,
    @JsonProperty("in_safe") String inSafe,
    @JsonProperty("at_provider") String atProvider) {

  static RevocationView of(Connection connection, AtProvider atProvider) {
    return new RevocationView(
        connection.id().value(),
        States.name(connection.health()),
        connection.health().since(),
        died(connection.grant()),
        isBeingErased(connection.health()) ? "being_destroyed" : "destroyed",
        atProvider.name().toLowerCase(Locale.ROOT));
  }

  private static boolean isBeingErased(Health health) {
    return health instanceof Health.Revoked revoked && !revoked.erased();
  }

  private static List<String> died(GrantType grant) {
    return switch (grant) {
      case AUTHORIZATION_CODE -> List.of("access_token", "refresh_token");
      case CLIENT_CREDENTIALS -> List.of("access_token");
      case API_KEY -> List.of("api_key");
    };
  }
}
