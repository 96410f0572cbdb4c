package org.tokenbroker.sandbox;

import java.time.Duration;

/** What the strict authorization server does with a refresh token that has been used. */
public sealed interface RotationMode {
  /** The refresh token stays; refresh answers carry none. */
  record None() implements RotationMode {}

  /**
   * Each refresh gives a new refresh token; a superseded one still works for a while, after which
   * it counts as reuse.
   *
   * @param window how long, from the moment the token was superseded
   */
  record Grace(Duration window) implements RotationMode {}

  /**
   * Each refresh gives a new refresh token; presenting a superseded one revokes the whole family
   * (RFC 9700 §4.14.2).
   */
  record Strict() implements RotationMode {}
}
