package org.tokenbroker.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A piece of secret text: a token, a client secret, a key, a client id (BE-2).
 *
 * <p>It masks itself in {@link #toString()}, compares in constant time and leaves only through
 * {@link #reveal()}, so that each place where a secret leaves memory can be found by its callers.
 * Never blank.
 */
public final class Secret {
  private static final String MASK = "Secret[***]";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * @throws IllegalArgumentException if the value is blank
   */
  public static Secret of(String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a secret must not be blank");
    }
    return new Secret(value);
  }

  /**
   * The text itself: to be handed to its rightful receiver at once, never kept, logged or put into
   * a message.
   */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }
}
