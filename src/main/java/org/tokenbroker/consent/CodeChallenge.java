package org.tokenbroker.consent;

import org.tokenbroker.token.Secret;

/**
 * RFC 7636 §4.2 with the method {@code S256}, the only one that is used (B2).
 *
 * @param value {@code BASE64URL(SHA256(ASCII(code_verifier)))}; it travels through the browser and
 *     is no secret
 */
public record CodeChallenge(String value) {
  public static final String METHOD = "S256";

  public static CodeChallenge of(Secret codeVerifier) {
    return new CodeChallenge(Sha256.base64url(codeVerifier));
  }
}
