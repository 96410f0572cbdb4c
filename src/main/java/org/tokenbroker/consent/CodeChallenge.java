package org.tokenbroker.consent;

import org.tokenbroker.provider.Profile.Pkce;
import org.tokenbroker.token.Secret;

/**
 * RFC 7636 §4.2.
 *
 * @param value {@code BASE64URL(SHA256(ASCII(code_verifier)))} for {@code S256}: it travels through
 *     the browser and is no secret; the verifier itself for {@code plain}, which a profile has to
 *     ask for (B2)
 * @param method value of {@code code_challenge_method}
 */
public record CodeChallenge(String value, String method) {
  public static CodeChallenge of(Secret codeVerifier) {
    return new CodeChallenge(Sha256.base64url(codeVerifier), "S256");
  }

  /**
   * @param pkce how the profile wants it; not {@code OFF}
   */
  static CodeChallenge of(Secret codeVerifier, Pkce pkce) {
    return switch (pkce) {
      case S256 -> of(codeVerifier);
      case PLAIN -> new CodeChallenge(codeVerifier.reveal(), "plain");
      case OFF -> throw new IllegalArgumentException("without PKCE there is no challenge");
    };
  }

  @Override
  public String toString() {
    return "CodeChallenge[" + method + "]";
  }
}
