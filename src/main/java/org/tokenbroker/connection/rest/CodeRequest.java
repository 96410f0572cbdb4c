package org.tokenbroker.connection.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * An authorization code that was fetched at the provider. Code and state are secrets.
 *
 * @param code as the provider showed it, or sent it to the redirect URI
 * @param redirectUri that the code was asked for with, one of the registration's; left out for a
 *     code that was asked for without one
 * @param state that came with the code, where it was fetched through a consent link of the broker
 */
@RegisterForReflection
public record CodeRequest(
    @Nullable String code,
    @JsonProperty("redirect_uri") @Nullable String redirectUri,
    @Nullable String state) {
  /** Holds secrets. */
  @Override
  public String toString() {
    return "CodeRequest[***]";
  }
}
