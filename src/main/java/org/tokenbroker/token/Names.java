package org.tokenbroker.token;

import java.util.regex.Pattern;

/** The one form of names that operators choose. */
final class Names {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private Names() {}

  static void check(String what, String value) {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a "
              + what
              + " id must be 1 to 64 characters of a-z, 0-9, '.', '_' or '-', starting with a letter or digit");
    }
  }
}
