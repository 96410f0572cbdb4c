package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.provider.KeptKey;
import org.tokenbroker.provider.KeyState;

/**
 * A signing key as operators see it. Holds no secret.
 *
 * @param state {@code generated}, {@code uploaded}, {@code active} or {@code retired}
 * @param since since when it is so
 * @param certificate what is to be known of its certificate; absent where it has none
 * @param publicJwk its public half (RFC 7517), to be uploaded at the provider
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SigningKeyView(
    String kid,
    String algorithm,
    String state,
    Instant since,
    @JsonProperty("created_at") Instant createdAt,
    @Nullable SigningCertificateView certificate,
    @JsonProperty("public_jwk") @Nullable Map<String, Object> publicJwk) {

  static SigningKeyView of(KeptKey key) {
    return new SigningKeyView(
        key.keyId(),
        key.algorithm(),
        state(key.state()),
        key.state().since(),
        key.createdAt(),
        key.certificate().map(SigningCertificateView::of).orElse(null),
        key.publicJwk().map(SigningKeyInput::members).orElse(null));
  }

  private static String state(KeyState state) {
    return switch (state) {
      case KeyState.Generated generated -> "generated";
      case KeyState.Uploaded uploaded -> "uploaded";
      case KeyState.Active active -> "active";
      case KeyState.Retired retired -> "retired";
    };
  }
}
