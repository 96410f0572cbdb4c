package org.tokenbroker.consent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.tokenbroker.token.Secret;

/** SHA-256 as both PKCE and fingerprints write it: base64url without padding. */
final class Sha256 {
  private Sha256() {}

  static String base64url(Secret secret) {
    byte[] digest = digest().digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
