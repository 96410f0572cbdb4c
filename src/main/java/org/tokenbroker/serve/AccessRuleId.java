package org.tokenbroker.serve;

import java.util.regex.Pattern;

/**
 * Names an access rule.
 *
 * @param value 1 to 64 characters of {@code a-z 0-9 . _ -}, starting with a letter or digit
 */
public record AccessRuleId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /**
   * @throws IllegalArgumentException if the value has another form
   */
  public AccessRuleId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "an access rule id must be 1 to 64 characters of a-z, 0-9, '.', '_' or '-', starting with a letter or digit");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
