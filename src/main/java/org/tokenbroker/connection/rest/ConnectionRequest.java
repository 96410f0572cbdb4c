package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sends to create a connection.
 *
 * @param tenant the customer; form of an id
 * @param registration an existing registration
 * @param grantType {@code authorization_code}, {@code client_credentials} or {@code api_key}
 * @param scopes absent: those of the registration; for {@code api_key} those of the key
 * @param apiKey write-only, for {@code api_key}: visible ASCII; one that is left out stays as it is
 * @param metadata public facts that consumers receive with each token; at most 20, values of at
 *     most 256 characters
 */
@RegisterForReflection
public record ConnectionRequest(
    @Nullable String tenant,
    @Nullable String registration,
    @JsonProperty("grant_type") @Nullable String grantType,
    @Nullable List<String> scopes,
    @JsonProperty("api_key") @Nullable String apiKey,
    @Nullable Map<String, String> metadata) {
  /** Holds a secret. */
  @Override
  public String toString() {
    return "ConnectionRequest[***]";
  }
}
