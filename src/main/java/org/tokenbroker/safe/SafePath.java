package org.tokenbroker.safe;

import java.util.regex.Pattern;

/**
 * Where a document lies in the safe, for example {@code connections/acme-crm}.
 *
 * @param value segments of {@code a-z 0-9 . _ -} joined by {@code /}; no segment is {@code .} or
 *     {@code ..}
 */
public record SafePath(String value) {
  private static final Pattern FORM =
      Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");

  public SafePath {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a safe path must be segments of a-z, 0-9, '.', '_' or '-' joined by '/'");
    }
  }

  public static SafePath of(String folder, String name) {
    return new SafePath(folder + "/" + name);
  }

  @Override
  public String toString() {
    return value;
  }
}
