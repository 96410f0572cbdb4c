package org.tokenbroker.provider;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A part of URLs that each registration fills in. Whatever the rules here are, a value never holds
 * a character or a step that would let it leave its place in the URL.
 *
 * @param kind {@code segment}: one part of a host or path, of {@code A-Z a-z 0-9 . _ ~ -}; {@code
 *     location}: a host with port and path as far as they are needed; default {@code segment}
 * @param values the only ones allowed; one of these and {@code pattern} must be there; default none
 * @param pattern regular expression that the whole value must match; default none
 * @param unless value where a registration gives none; written {@code default}; default none: it
 *     must be given
 * @param optional whether a registration may leave it out; the endpoint that holds it, {@code
 *     endpoints.revoke} only, is not there then; default false
 */
public record Variable(
    Kind kind,
    List<String> values,
    Optional<String> pattern,
    Optional<String> unless,
    boolean optional) {
  private static final int LONGEST = 256;
  private static final Pattern DOTS = Pattern.compile("\\.+");

  /** What a value is. */
  public enum Kind {
    SEGMENT(
        "one part of a host or path, of A-Z a-z 0-9 . _ ~ -", Pattern.compile("[A-Za-z0-9._~-]+")),
    LOCATION(
        "a host, with port and path where they are needed, and neither https:// nor user nor query",
        Pattern.compile(
            "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\\d{1,5})?(/([A-Za-z0-9._~-]+/?)*)?"));

    private final String meaning;
    private final Pattern form;

    Kind(String meaning, Pattern form) {
      this.meaning = meaning;
      this.form = form;
    }

    /** What a value must be, for messages. */
    public String meaning() {
      return meaning;
    }
  }

  /** Whether a registration has to give a value. */
  boolean isRequired() {
    return unless.isEmpty() && !optional;
  }

  /** Whether a value may stand in a URL. */
  public boolean allows(String value) {
    return value.length() <= LONGEST
        && kind.form.matcher(value).matches()
        && List.of(value.split("/", -1)).stream().noneMatch(step -> DOTS.matcher(step).matches())
        && (values.isEmpty() || values.contains(value))
        && pattern.map(rule -> Pattern.matches(rule, value)).orElse(true);
  }

  /** What a value must be, for messages. */
  public String rule() {
    return values.isEmpty()
        ? "must be " + kind.meaning + pattern.map(rule -> ", and match " + rule).orElse("")
        : "must be one of " + String.join(", ", values);
  }
}
