package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.States;
import org.tokenbroker.connection.Term;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/**
 * A connection as operators see it. Holds no secret.
 *
 * @param tenant absent while nobody has claimed it
 * @param state one of the states of X-2
 * @param waitingFor what keeps it from becoming active: {@code owner}, {@code provider_facts} or
 *     {@code claim}; absent where nothing does
 * @param cause why it is ailing, needs consent, or waits for the provider's facts
 * @param failures refreshes failed in a row
 * @param generation of the newest access token or API key; 0 before the first
 * @param missingScopes asked for and not granted; absent where nothing is missing
 * @param agreedAt when its owner last agreed
 * @param consentEndsAt from then on its owner has to agree again, as far as the provider's profile
 *     or answers tell
 * @param consentWarnedAt when that end was found near
 * @param metadata what an operator noted
 * @param facts what the provider told; consumers receive both, and the operator's word where both
 *     name the same
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionView(
    String id,
    @Nullable String tenant,
    String registration,
    String provider,
    @JsonProperty("grant_type") String grantType,
    String state,
    Instant since,
    @JsonProperty("waiting_for") @Nullable String waitingFor,
    @Nullable String cause,
    @Nullable Integer failures,
    long generation,
    @JsonProperty("expires_at") @Nullable Instant expiresAt,
    @JsonProperty("refresh_due_at") @Nullable Instant refreshDueAt,
    @JsonProperty("requested_scopes") List<String> requestedScopes,
    @JsonProperty("granted_scopes") @Nullable List<String> grantedScopes,
    @JsonProperty("missing_scopes") @Nullable List<String> missingScopes,
    @JsonProperty("agreed_at") @Nullable Instant agreedAt,
    @JsonProperty("consent_ends_at") @Nullable Instant consentEndsAt,
    @JsonProperty("consent_warned_at") @Nullable Instant consentWarnedAt,
    Map<String, String> metadata,
    Map<String, String> facts,
    @JsonProperty("created_at") Instant createdAt,
    @JsonProperty("updated_at") Instant updatedAt) {

  static ConnectionView of(Connection connection) {
    Optional<Held> held = connection.held();
    return new ConnectionView(
        connection.id().value(),
        connection.tenant().map(TenantId::value).orElse(null),
        connection.registration().value(),
        connection.provider(),
        connection.grant().parameter(),
        States.name(connection.health()),
        connection.health().since(),
        waitingFor(connection.health()),
        cause(connection.health()),
        connection.health() instanceof Health.Ailing ailing ? ailing.failures() : null,
        generation(connection).value(),
        held.map(token -> token.lifetime().expiresAt()).orElse(null),
        connection.dueAt().orElse(null),
        List.copyOf(connection.requested().names()),
        granted(connection).map(scopes -> List.copyOf(scopes.names())).orElse(null),
        missing(connection.missingScopes()),
        connection.term().map(Term::agreedAt).orElse(null),
        connection.term().flatMap(Term::endsAt).orElse(null),
        connection.term().flatMap(Term::warnedAt).orElse(null),
        connection.metadata(),
        connection.facts(),
        connection.createdAt(),
        connection.updatedAt());
  }

  private static @Nullable List<String> missing(Scopes scopes) {
    return scopes.isEmpty() ? null : List.copyOf(scopes.names());
  }

  private static @Nullable String waitingFor(Health health) {
    return switch (health) {
      case Health.PendingConsent pending -> "owner";
      case Health.NeedsConsent needs -> "owner";
      case Health.Connecting connecting -> "provider_facts";
      case Health.Unclaimed unclaimed -> "claim";
      case Health.Active active -> null;
      case Health.Ailing ailing -> null;
      case Health.Revoked revoked -> null;
      case Health.Disabled disabled -> null;
    };
  }

  private static Generation generation(Connection connection) {
    return switch (connection.grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS ->
          connection.held().map(Held::generation).orElse(Generation.NONE);
      case API_KEY -> connection.issued();
    };
  }

  /** Those of a key are what its operator says. */
  private static Optional<Scopes> granted(Connection connection) {
    return switch (connection.grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS -> connection.held().map(Held::granted);
      case API_KEY -> Optional.of(connection.requested());
    };
  }

  private static @Nullable String cause(Health health) {
    return switch (health) {
      case Health.Ailing ailing -> ailing.ailment().name().toLowerCase(Locale.ROOT);
      case Health.NeedsConsent needs -> needs.cause().name().toLowerCase(Locale.ROOT);
      case Health.Connecting connecting -> connecting.hurdle().name().toLowerCase(Locale.ROOT);
      case Health.PendingConsent pending -> null;
      case Health.Unclaimed unclaimed -> null;
      case Health.Active active -> null;
      case Health.Revoked revoked -> null;
      case Health.Disabled disabled -> null;
    };
  }
}
