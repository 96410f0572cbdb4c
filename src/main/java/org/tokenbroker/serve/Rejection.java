package org.tokenbroker.serve;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.tokenbroker.token.Generation;

/**
 * An API refused a token, as a consumer tells it (BE-16, G-12).
 *
 * @param generation of the token that was refused, at least 1
 * @param status HTTP status of the API's answer
 * @param challenge its {@code WWW-Authenticate} header
 */
public record Rejection(Generation generation, OptionalInt status, Optional<String> challenge) {
  /**
   * A parameter of a challenge. RFC 6750 §3 separates them by commas; some APIs send none (BE-16).
   * What stands inside a quoted value is not looked into.
   */
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z0-9_-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^\\s,\"]+))");

  private static final int FORBIDDEN = 403;

  /**
   * Whether a new token may help. The challenge's {@code error} (RFC 6750 §3.1) decides, else the
   * status: a 403 is a matter of rights (MO-12).
   */
  public boolean blamesToken() {
    return error()
        .map(error -> !error.equals("insufficient_scope") && !error.equals("invalid_request"))
        .orElseGet(() -> status.orElse(0) != FORBIDDEN);
  }

  private Optional<String> error() {
    return challenge.stream()
        .flatMap(text -> PARAMETER.matcher(text).results())
        .filter(parameter -> parameter.group(1).equalsIgnoreCase("error"))
        .map(parameter -> Optional.ofNullable(parameter.group(2)).orElse(parameter.group(3)))
        .map(error -> error.toLowerCase(Locale.ROOT))
        .findFirst();
  }
}
