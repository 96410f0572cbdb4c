package org.tokenbroker.provider;

import java.util.Optional;

/**
 * What a token endpoint sent back, before anybody read it. Holds tokens: its text is masked.
 *
 * @param status HTTP status code
 * @param contentType first {@code Content-Type} header
 * @param retryAfter first {@code Retry-After} header (RFC 9110 §10.2.3)
 * @param resetAt first header of the name that the profile's {@code limits.reset_header} gives
 */
public record TokenAnswer(
    int status,
    Optional<String> contentType,
    Optional<String> retryAfter,
    Optional<String> resetAt,
    Body body) {

  /** Of a provider whose profile names no header of its own. */
  public TokenAnswer(
      int status, Optional<String> contentType, Optional<String> retryAfter, Body body) {
    this(status, contentType, retryAfter, Optional.empty(), body);
  }

  /** A body larger than this many bytes is not read any further. */
  public static final int BODY_LIMIT = 256 * 1024;

  /** Arrays and objects of a body may be nested this deep. */
  public static final int DEPTH_LIMIT = 32;

  /** What came after the headers. */
  public sealed interface Body {
    /**
     * @param text at most {@link #BODY_LIMIT} bytes ({@link MetadataSource#BODY_LIMIT} of
     *     metadata), decoded as UTF-8; malformed input as U+FFFD
     */
    record Complete(String text) implements Body {
      @Override
      public String toString() {
        return "Complete[***]";
      }
    }

    /** Longer than the limit; the rest was not read. */
    record TooLarge() implements Body {}

    /** The connection broke before the end. */
    record Cut() implements Body {}

    /** The end did not come within the total time limit. */
    record TimedOut() implements Body {}
  }
}
