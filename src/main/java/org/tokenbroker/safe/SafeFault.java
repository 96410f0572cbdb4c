package org.tokenbroker.safe;

/**
 * Why the safe did not do what it was asked. Carries no text of the safe: that may hold secrets.
 */
public enum SafeFault {
  /**
   * No answer: not reachable, timed out or cut. A write may or may not have happened: read again.
   */
  UNREACHABLE,
  /**
   * Sealed, not initialised, standby or overloaded: it answered that it cannot serve now. Nothing
   * was written.
   */
  NOT_SERVING,
  /**
   * It refused us: login failed or the policy does not allow the path. Needs an operator; retrying
   * does not help. Nothing was written.
   */
  FORBIDDEN,
  /**
   * It answered something this broker does not understand, or the stored document cannot be read.
   */
  CORRUPT
}
