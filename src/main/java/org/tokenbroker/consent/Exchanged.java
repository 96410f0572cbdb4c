package org.tokenbroker.consent;

/** What became of an authorization code that was presented. */
sealed interface Exchanged {
  /** The grant is durable. */
  record Kept(Landing landing) implements Exchanged {}

  /** There is a grant; the safe takes it as soon as it is back. */
  record Held() implements Exchanged {}

  /** A newer agreement was kept meanwhile; this one was not stored. */
  record Superseded() implements Exchanged {}

  /** The connection was deleted, disabled or revoked; nothing was stored. */
  record NotWanted() implements Exchanged {}

  /**
   * There is no grant.
   *
   * @param presented whether the provider may have seen the code
   */
  record Failed(CallbackOutcome.Failure failure, boolean presented) implements Exchanged {}
}
