package org.tokenbroker.token;

/**
 * Names a registration: our OAuth client at a provider.
 *
 * @param value 1 to 64 characters of {@code a-z 0-9 . _ -}, starting with a letter or digit; safe
 *     in a path and in a log
 */
public record RegistrationId(String value) {
  /**
   * @throws IllegalArgumentException if the value has another form
   */
  public RegistrationId {
    Names.check("registration", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
