package org.tokenbroker.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.tokenbroker.token.Secret;

/**
 * What signs the deliveries of a webhook, as Standard Webhooks write it: {@code whsec_} and 24 to
 * 64 bytes in base64.
 */
public final class SigningSecret {
  static final String FORM = "must be whsec_ followed by 24 to 64 random bytes in base64";

  private static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;
  private static final String ALGORITHM = "HmacSHA256";

  private final Secret text;
  private final byte[] key;

  private SigningSecret(Secret text, byte[] key) {
    this.text = text;
    this.key = key;
  }

  /**
   * @throws IllegalArgumentException if it has another form; the message does not repeat it
   */
  public static SigningSecret of(Secret text) {
    String value = text.reveal();
    if (!value.startsWith(PREFIX)) {
      throw new IllegalArgumentException(FORM);
    }
    byte[] key = decoded(value.substring(PREFIX.length()));
    if (key.length < SHORTEST || key.length > LONGEST) {
      throw new IllegalArgumentException(FORM);
    }
    return new SigningSecret(text, key);
  }

  Secret text() {
    return text;
  }

  /** HMAC-SHA256 in base64. */
  String sign(String content) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every Java has HMAC-SHA256", missing);
    }
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      // Without its cause, which tells a character of the secret.
      throw new IllegalArgumentException(FORM);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningSecret that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
