package org.tokenbroker.consent;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.token.Secret;

/** What a browser brought to the callback, read strictly (RFC 6749 §4.1.2, RFC 9207 §2). */
public sealed interface CallbackParameters {
  /** Longest raw query that is read, in characters; real codes stay far below it. */
  int MAX_LENGTH = 8192;

  /** An authorization response: it carries a state. */
  sealed interface Response extends CallbackParameters {
    Secret state();

    /** {@code iss}, where the provider sent one. */
    Optional<String> issuer();
  }

  /**
   * @param code the authorization code; a secret until it is spent
   */
  record Code(Secret state, Secret code, Optional<String> issuer) implements Response {}

  record Error(Secret state, ProviderError error, Optional<String> issuer) implements Response {}

  record Unreadable(Refusal reason) implements CallbackParameters {}

  /**
   * Parameters outside the standard are ignored; one that stands twice spoils the response, and one
   * without a value counts as omitted (both RFC 6749 §3.1).
   *
   * @param rawQuery as it stands in the request line, without the question mark
   */
  static CallbackParameters read(@Nullable String rawQuery) {
    if (rawQuery == null) {
      return new Unreadable(Refusal.MALFORMED);
    }
    return decode(rawQuery)
        .map(CallbackParameters::classify)
        .orElseGet(() -> new Unreadable(Refusal.MALFORMED));
  }

  private static CallbackParameters classify(Map<String, String> parameters) {
    @Nullable String state = parameters.get("state");
    @Nullable String code = parameters.get("code");
    @Nullable String error = parameters.get("error");
    Optional<String> issuer = Optional.ofNullable(parameters.get("iss"));
    if ((code == null) == (error == null)) {
      return new Unreadable(Refusal.MALFORMED);
    }
    if (state == null) {
      return new Unreadable(Refusal.STATE_MISSING);
    }
    if (!RandomText.isSecretForm(state)) {
      return new Unreadable(Refusal.STATE_UNKNOWN);
    }
    return code != null
        ? new Code(Secret.of(state), Secret.of(code), issuer)
        : new Error(Secret.of(state), ProviderError.of(error), issuer);
  }

  private static Optional<Map<String, String>> decode(String rawQuery) {
    if (rawQuery.length() > MAX_LENGTH) {
      return Optional.empty();
    }
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
    return Optional.of(parameters);
  }

  private static String decodeText(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
