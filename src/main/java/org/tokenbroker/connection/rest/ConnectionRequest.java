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
 * @param grantType {@code authorization_code} or {@code client_credentials}
 * @param scopes absent: those of the registration
 * @param metadata public facts that consumers receive with each token; at most 20, values of at
 *     most 256 characters
 */
@RegisterForReflection
public record ConnectionRequest(
    @Nullable String tenant,
    @Nullable String registration,
    @JsonProperty("grant_type") @Nullable String grantType,
    @Nullable List<String> scopes,
    @Nullable Map<String, String> metadata) {}
