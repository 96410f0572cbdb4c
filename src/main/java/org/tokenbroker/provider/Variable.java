package org.tokenbroker.provider;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A part of URLs that each registration fills in. Whatever it is, a value consists of {@code A-Z
 * a-z 0-9 . _ ~ -} and never of dots alone, so that it cannot leave its place in the URL.
 *
 * @param values the only ones allowed; either these or {@code pattern} must be there; default none
 * @param pattern regular expression that the whole value must match, up to 128 characters; default
 *     none
 * @param unless value where a registration gives none; written {@code default}; default none: it
 *     must be given
 */
public record Variable(List<String> values, Optional<String> pattern, Optional<String> unless) {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
  private static final Pattern DOTS = Pattern.compile("\\.+");

  /** Whether a value may stand in a URL. */
  public boolean allows(String value) {
    return SAFE.matcher(value).matches()
        && !DOTS.matcher(value).matches()
        && (values.isEmpty() || values.contains(value))
        && pattern.map(rule -> Pattern.matches(rule, value)).orElse(true);
  }

  /** What a value must be, for messages. */
  public String rule() {
    return values.isEmpty()
        ? "must match " + pattern.orElse(SAFE.pattern())
        : "must be one of " + String.join(", ", values);
  }
}
