package org.tokenbroker.platform.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SPIFFE id of a workload (SPIFFE-ID §2): {@code spiffe://trust-domain/path}.
 *
 * @param trustDomain 1 to 255 characters of {@code a-z 0-9 . _ -}
 * @param path starts with a slash; one or more segments of letters, digits, {@code . _ -}, none of
 *     them {@code .} or {@code ..}
 */
public record SpiffeId(String trustDomain, String path) {
  private static final int LONGEST = 2048;
  private static final Pattern FORM =
      Pattern.compile("spiffe://([a-z0-9._-]{1,255})((?:/[A-Za-z0-9._-]+)+)");
  private static final Pattern DOT_SEGMENT = Pattern.compile("/\\.{1,2}(?:/|$)");
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");

  /**
   * Empty unless the text is exactly an id in its normal form: nothing is trimmed, lower-cased or
   * decoded.
   */
  public static Optional<SpiffeId> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches() || DOT_SEGMENT.matcher(form.group(2)).find()) {
      return Optional.empty();
    }
    return Optional.of(new SpiffeId(form.group(1), form.group(2)));
  }

  /** Whether the text is the name of a trust domain (SPIFFE-ID §2.1). */
  public static boolean isTrustDomain(String text) {
    return TRUST_DOMAIN.matcher(text).matches();
  }

  @Override
  public String toString() {
    return "spiffe://" + trustDomain + path;
  }
}
