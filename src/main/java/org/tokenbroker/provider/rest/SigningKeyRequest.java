package org.tokenbroker.provider.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sends to have a signing key made or taken. The private key is write-only.
 *
 * @param algorithm JWS algorithm, one of the profile's {@code assertion.algorithms}; may be left
 *     out where there is only one, or where a key is brought
 * @param rsaBits size of an RSA key that is made: 2048, 3072 or 4096; default 3072
 * @param kid name of the key; default: the JWK's own, else the SHA-1 thumbprint of its certificate,
 *     else the thumbprint of the key (RFC 7638)
 * @param certificate whether the key that is made has a certificate, signed by itself; left out:
 *     where the profile names keys by certificate, else not
 * @param privateKeyJwk a private JWK to take instead of making one; may hold its certificates as
 *     {@code x5c}
 * @param certificateChain certificates of that key in PEM, its own first
 */
@RegisterForReflection
public record SigningKeyRequest(
    @Nullable String algorithm,
    @JsonProperty("rsa_bits") @Nullable Integer rsaBits,
    @Nullable String kid,
    @Nullable Boolean certificate,
    @JsonProperty("private_key_jwk") @Nullable Map<String, Object> privateKeyJwk,
    @JsonProperty("certificate_chain") @Nullable String certificateChain) {
  /** Holds a secret. */
  @Override
  public String toString() {
    return "SigningKeyRequest[***]";
  }
}
