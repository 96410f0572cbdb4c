package org.tokenbroker.story;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Secrets that are known, to be searched for in everything that must not hold one. Each is searched
 * for as it is, percent-encoded, in hexadecimal, and in base64 and base64url wherever in a larger
 * text it may have been encoded.
 */
final class Canaries {
  private static final int SHORTEST = 16;

  private final Map<String, String> kinds = new LinkedHashMap<>();

  /**
   * Remembers a secret.
   *
   * @param kind how a finding calls it
   * @return the secret
   */
  synchronized String plant(String kind, String secret) {
    if (secret.length() < SHORTEST) {
      throw new IllegalArgumentException("too short to be found by certainty: " + kind);
    }
    kinds.put(secret, kind);
    return secret;
  }

  /** The kinds of secrets that are known. */
  synchronized Set<String> kinds() {
    return new TreeSet<>(kinds.values());
  }

  /** The kinds of secrets that a text holds in any form. */
  synchronized Set<String> leakedIn(String text) {
    Set<String> leaked = new TreeSet<>();
    kinds.forEach(
        (secret, kind) -> {
          if (forms(secret).anyMatch(text::contains)) {
            leaked.add(kind);
          }
        });
    return leaked;
  }

  private static Stream<String> forms(String secret) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, UTF_8));
    forms.add(URLEncoder.encode(secret, UTF_8).replace("+", "%20"));
    forms.add(HexFormat.of().formatHex(secret.getBytes(UTF_8)));
    for (String plain : Set.copyOf(forms)) {
      for (int before = 0; before < 3; before++) {
        forms.add(inside(Base64.getEncoder(), plain, before));
        forms.add(inside(Base64.getUrlEncoder(), plain, before));
      }
    }
    return forms.stream();
  }

  /** What base64 makes of it behind so many other bytes, without the ends that depend on others. */
  private static String inside(Base64.Encoder encoder, String plain, int before) {
    byte[] bytes = plain.getBytes(UTF_8);
    byte[] all = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, all, before, bytes.length);
    String encoded = encoder.withoutPadding().encodeToString(all);
    int from = (before * 8 + 5) / 6;
    int to = all.length * 8 / 6;
    return encoded.substring(from, to);
  }
}
