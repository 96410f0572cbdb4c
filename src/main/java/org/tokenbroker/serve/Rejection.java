package org.tokenbroker.serve;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
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
  /** RFC 6750 §3 separates parameters by commas; some APIs send none (BE-16). */
  private static final Pattern ERROR =
      Pattern.compile("(?:^|[\\s,])error\\s*=\\s*\"?([A-Za-z_]+)", Pattern.CASE_INSENSITIVE);

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
    return challenge
        .map(ERROR::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1).toLowerCase(Locale.ROOT));
  }
}
