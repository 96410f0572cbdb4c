package org.tokenbroker.sandbox;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/** Makes codes and tokens of 192 random bits that start with a marker, and remembers them all. */
final class SecretMint {
  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final String marker;
  private final Set<String> made = new LinkedHashSet<>();

  SecretMint(String marker) {
    this.marker = marker;
  }

  synchronized String make(String kind) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String secret =
        marker + kind + "-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    made.add(secret);
    return secret;
  }

  synchronized Set<String> made() {
    return Set.copyOf(made);
  }
}
