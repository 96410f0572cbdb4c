package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sends to create or replace a registration. The three secrets are write-only; one
 * that is left out stays as it is.
 *
 * @param profile id of a profile in the catalogue
 * @param name descriptive name, shown to customers and in alerts (IV-9)
 * @param purpose what it is used for
 * @param contacts who is told when it is at fault
 * @param clientAuthentication one of the profile's: {@code client_secret_basic}, {@code
 *     client_secret_post}, {@code client_secret_jwt}, {@code private_key_jwt}, {@code
 *     tls_client_auth} or {@code none}; left out: {@code none}, as for a profile that offers API
 *     keys only
 * @param signingAlgorithm JWS algorithm that the key signs with, for example {@code RS256}; may be
 *     left out
 * @param scopes what is asked for; no defaults (MO-6)
 * @param grantTypes what connections may be made under it, some of {@code authorization_code},
 *     {@code client_credentials} and {@code api_key}; left out: whatever the profile offers (IV-2)
 * @param redirectUris the registered ones, for the authorization code grant
 * @param variables parts of the profile's URLs, by name; fixed while connections exist (IV-1)
 * @param tokenParameters further parameters of token requests, as far as the profile asks for them
 * @param authorizeParameters further parameters of authorization requests, likewise
 * @param tlsConfiguration name of the broker's TLS configuration whose certificate is shown to the
 *     provider; required for {@code tls_client_auth}
 * @param privateKeyJwk a private JWK with {@code kid} that the provider knows: it signs from now
 *     on; without one, keys are made by {@code POST /v1/registrations/{id}/keys}
 */
@RegisterForReflection
public record RegistrationRequest(
    @Nullable String profile,
    @Nullable String name,
    @Nullable String purpose,
    @Nullable List<String> contacts,
    @JsonProperty("client_authentication") @Nullable String clientAuthentication,
    @JsonProperty("signing_algorithm") @Nullable String signingAlgorithm,
    @Nullable List<String> scopes,
    @JsonProperty("grant_types") @Nullable List<String> grantTypes,
    @JsonProperty("redirect_uris") @Nullable List<String> redirectUris,
    @Nullable Map<String, @Nullable String> variables,
    @JsonProperty("token_parameters") @Nullable Map<String, @Nullable String> tokenParameters,
    @JsonProperty("authorize_parameters")
        @Nullable Map<String, @Nullable String> authorizeParameters,
    @JsonProperty("tls_configuration") @Nullable String tlsConfiguration,
    @JsonProperty("client_id") @Nullable String clientId,
    @JsonProperty("client_secret") @Nullable String clientSecret,
    @JsonProperty("private_key_jwk") @Nullable Map<String, Object> privateKeyJwk) {
  /** Holds secrets. */
  @Override
  public String toString() {
    return "RegistrationRequest[***]";
  }
}
