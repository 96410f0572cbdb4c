package org.tokenbroker.event;

import java.util.regex.Pattern;

/**
 * Names a webhook.
 *
 * @param value 1 to 64 characters of {@code a-z 0-9 . _ -}, starting with a letter or digit; safe
 *     in a path and in a log
 */
public record WebhookId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /**
   * @throws IllegalArgumentException if the value has another form
   */
  public WebhookId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a webhook id must be 1 to 64 characters of a-z, 0-9, '.', '_' or '-', starting with a letter or digit");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
