package org.tokenbroker.token;

/**
 * Names a connection: what one consent gave us under a registration.
 *
 * @param value 1 to 64 characters of {@code a-z 0-9 . _ -}, starting with a letter or digit; safe
 *     in a path and in a log
 */
public record ConnectionId(String value) {
  /**
   * @throws IllegalArgumentException if the value has another form
   */
  public ConnectionId {
    Names.check("connection", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
