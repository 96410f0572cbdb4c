package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.Registration.Signing;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Registrations.Kept;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.provider.Standing;

/**
 * A registration as operators see it. Says which secrets are held, never what they are; the client
 * id counts as one (BE-2).
 *
 * @param gap what keeps it from being used: {@code profile}, {@code variables}, {@code endpoints}
 *     or {@code key}; absent where nothing does
 * @param missingEndpoints fields of the profile that would have to name an endpoint (MK-6)
 * @param grantTypes what connections may be made under it; empty: whatever the profile offers
 * @param secretsHeld among {@code client_id}, {@code client_secret}, {@code private_key}
 * @param fault why our client cannot be used: {@code invalid_client}, {@code unauthorized_client}
 *     or {@code credential_unusable}; absent while healthy
 * @param faultProbeAt when it is tried again, by one call; putting it anew tries it at once
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistrationView(
    String id,
    String profile,
    String name,
    String purpose,
    List<String> contacts,
    @JsonProperty("client_authentication") String clientAuthentication,
    @JsonProperty("signing_algorithm") @Nullable String signingAlgorithm,
    @JsonProperty("signing_key_id") @Nullable String signingKeyId,
    List<String> scopes,
    @JsonProperty("grant_types") List<String> grantTypes,
    @JsonProperty("redirect_uris") List<String> redirectUris,
    Map<String, String> variables,
    @JsonProperty("token_parameters") Map<String, String> tokenParameters,
    @JsonProperty("authorize_parameters") Map<String, String> authorizeParameters,
    @JsonProperty("tls_configuration") @Nullable String tlsConfiguration,
    @JsonProperty("secrets_held") List<String> secretsHeld,
    @Nullable String gap,
    @JsonProperty("missing_endpoints") List<String> missingEndpoints,
    @Nullable String fault,
    @JsonProperty("fault_since") @Nullable Instant faultSince,
    @JsonProperty("fault_probe_at") @Nullable Instant faultProbeAt,
    long version,
    @JsonProperty("created_at") Instant createdAt,
    @JsonProperty("updated_at") Instant updatedAt) {

  static RegistrationView of(Kept kept, Standing standing) {
    Registration registration = kept.registration();
    return new RegistrationView(
        registration.id().value(),
        registration.profile(),
        registration.name(),
        registration.purpose(),
        registration.contacts(),
        registration.authentication().parameter(),
        registration.signing().map(Signing::algorithm).orElse(null),
        registration.signing().map(Signing::keyId).orElse(null),
        List.copyOf(registration.scopes().names()),
        registration.particulars().grants().stream().map(GrantType::parameter).sorted().toList(),
        registration.redirectUris().stream().map(URI::toString).toList(),
        registration.particulars().variables(),
        registration.particulars().tokenParameters(),
        registration.particulars().authorizeParameters(),
        registration.particulars().tlsConfiguration().orElse(null),
        kept.held().stream().sorted().map(SecretKind::name).map(RegistrationView::lower).toList(),
        standing instanceof Standing.Lacking lacking ? lower(lacking.gap().name()) : null,
        standing instanceof Standing.Lacking lacking ? lacking.missingEndpoints() : List.of(),
        registration.health() instanceof RegistrationHealth.Faulty faulty
            ? lower(faulty.reason().name())
            : null,
        registration.health() instanceof RegistrationHealth.Faulty faulty ? faulty.since() : null,
        registration.health() instanceof RegistrationHealth.Faulty faulty ? faulty.probeAt() : null,
        registration.version(),
        kept.createdAt(),
        kept.updatedAt());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
