package org.tokenbroker.platform;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code Retry-After} header (RFC 9110 §10.2.3): seconds or a date, held within 1 s and 1 h.
 */
public final class RetryAfter {
  public static final Duration SHORTEST = Duration.ofSeconds(1);
  public static final Duration LONGEST = Duration.ofHours(1);

  /** Where the other side asks for a pause and does not say, or not readably, how long. */
  public static final Duration UNTOLD = Duration.ofSeconds(30);

  private static final Pattern SECONDS = Pattern.compile("\\d+");

  private RetryAfter() {}

  /**
   * @param resetAt Unix time in seconds at which the budget is full again; counts where there is no
   *     {@code Retry-After}
   */
  public static Duration read(
      Optional<String> header, Optional<String> resetAt, Instant receivedAt) {
    return header.isEmpty() && resetAt.map(String::strip).filter(RetryAfter::isTime).isPresent()
        ? held(
            Duration.between(
                receivedAt, Instant.ofEpochSecond(Long.parseLong(resetAt.get().strip()))))
        : read(header, receivedAt);
  }

  private static boolean isTime(String text) {
    return SECONDS.matcher(text).matches() && text.length() <= 11;
  }

  public static Duration read(Optional<String> header, Instant receivedAt) {
    return held(header.map(text -> parse(text.strip(), receivedAt)).orElse(UNTOLD));
  }

  private static Duration held(Duration asked) {
    if (asked.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }

  private static Duration parse(String text, Instant receivedAt) {
    if (SECONDS.matcher(text).matches()) {
      return text.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
      return Duration.between(receivedAt, date);
    } catch (DateTimeParseException neither) {
      return UNTOLD;
    }
  }
}
