package org.tokenbroker.token;

/**
 * Names a tenant: the customer on whose behalf tokens are used.
 *
 * @param value 1 to 64 characters of {@code a-z 0-9 . _ -}, starting with a letter or digit; safe
 *     in a path and in a log
 */
public record TenantId(String value) {
  /**
   * @throws IllegalArgumentException if the value has another form
   */
  public TenantId {
    Names.check("tenant", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
