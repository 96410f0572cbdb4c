package org.tokenbroker.event;

import java.util.Locale;

/** Why a delivery failed. */
public enum Failure {
  /** The address leads to where the broker must not call (C24). */
  FORBIDDEN_ADDRESS,
  /** No connection, or it was cut before an answer. */
  UNREACHABLE,
  /** Its certificate is not trusted, not valid or of another name. */
  TLS,
  /** No answer in time. */
  TIMED_OUT,
  /** Answered with a redirect, which is never followed. */
  REDIRECTED,
  /** Answered 429. */
  THROTTLED,
  /** Answered with another 4xx. */
  REFUSED,
  /** Answered with a 5xx, or with a status that is none. */
  SERVER_ERROR,
  /** The safe holds no signing secret: put the webhook again with one. */
  SECRET_MISSING;

  /** Its name in our API and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
