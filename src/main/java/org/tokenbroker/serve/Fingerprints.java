package org.tokenbroker.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Servable;

/**
 * Keyed hashes of tokens for the audit log (E8): tell whether two tokens are the same one, to
 * nobody without the key what they are.
 */
public final class Fingerprints {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int HASH_BYTES = 16;

  private final SecretKeySpec key;
  private final Cache<ConnectionId, Known> known;

  private Fingerprints(byte[] key, int capacity) {
    this.key = new SecretKeySpec(key, ALGORITHM);
    this.known = Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
  }

  private record Known(Servable token, String fingerprint) {}

  /**
   * @param base64Key 32 bytes in base64; absent: a random key
   * @throws IllegalArgumentException if the key has another form; the message does not repeat it
   */
  static Fingerprints of(Optional<String> base64Key, int capacity) {
    return new Fingerprints(
        base64Key.map(Fingerprints::decode).orElseGet(Fingerprints::random), capacity);
  }

  /** 32 hexadecimal digits. Worked out once for each token object. */
  @SuppressWarnings("ReferenceEquality") // comparing the texts would cost more than a wasted hash
  public String of(ConnectionId connection, Servable token) {
    Known last = known.getIfPresent(connection);
    if (last != null && last.token() == token) {
      return last.fingerprint();
    }
    String fingerprint = hash(token);
    known.put(connection, new Known(token, fingerprint));
    return fingerprint;
  }

  private String hash(Servable token) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] hash = mac.doFinal(token.value().reveal().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, HASH_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  static boolean isKey(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length == KEY_BYTES;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  private static byte[] decode(String base64) {
    if (!isKey(base64)) {
      throw new IllegalArgumentException("token-broker.serve.audit-key must be 32 bytes in base64");
    }
    return Base64.getDecoder().decode(base64);
  }

  private static byte[] random() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
