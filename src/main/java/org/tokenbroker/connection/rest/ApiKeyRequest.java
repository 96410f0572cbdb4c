package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A new API key of a connection.
 *
 * @param apiKey write-only; visible ASCII
 * @param scopes of the key; absent: those of the former one
 */
@RegisterForReflection
public record ApiKeyRequest(
    @JsonProperty("api_key") @Nullable String apiKey, @Nullable List<String> scopes) {
  /** Holds a secret. */
  @Override
  public String toString() {
    return "ApiKeyRequest[***]";
  }
}
