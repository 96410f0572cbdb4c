package org.tokenbroker.consent;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The query of a callback. Parameters outside the standard are ignored; one that stands twice
 * spoils the response, and one without a value counts as omitted (both RFC 6749 §3.1). Masks its
 * values: a code is a secret until it is spent.
 */
record CallbackQuery(Map<String, String> parameters) {
  /** Longest raw query that is read, in characters; real codes stay far below it. */
  static final int MAX_LENGTH = 8192;

  /** As long as a fact of a token answer may be. */
  private static final int LONGEST_FACT = 1024;

  CallbackQuery {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Empty where it cannot be read.
   *
   * @param rawQuery as it stands in the request line, without the question mark
   */
  static Optional<CallbackQuery> read(@Nullable String rawQuery) {
    return rawQuery == null || rawQuery.length() > MAX_LENGTH ? Optional.empty() : decode(rawQuery);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** What names the sender (RFC 9207 §2). */
  Optional<String> issuer() {
    return value("iss");
  }

  /**
   * Public facts that the profile names, by our names.
   *
   * @param names our name for each, and the parameter's
   */
  Map<String, String> facts(Map<String, String> names) {
    Map<String, String> facts = new HashMap<>();
    names.forEach(
        (name, parameter) ->
            value(parameter)
                .filter(fact -> fact.length() <= LONGEST_FACT)
                .ifPresent(fact -> facts.put(name, fact)));
    return Map.copyOf(facts);
  }

  private static Optional<CallbackQuery> decode(String rawQuery) {
    Map<String, String> parameters = new HashMap<>();
    try {
      for (String pair : rawQuery.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decodeText(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decodeText(pair.substring(equals + 1));
        if (!name.isEmpty() && parameters.put(name, value) != null) {
          return Optional.empty();
        }
      }
    } catch (IllegalArgumentException badEscape) {
      return Optional.empty();
    }
    parameters.values().removeIf(String::isBlank);
    return Optional.of(new CallbackQuery(parameters));
  }

  private static String decodeText(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Names the parameters only. */
  @Override
  public String toString() {
    return "CallbackQuery" + parameters.keySet().stream().sorted().toList();
  }
}
