package org.tokenbroker.consent;

/** Outcome of a change in the store. */
public enum Stored {
  DONE,
  /**
   * The store could not be asked, or its answer was lost: the change may or may not have happened.
   */
  UNAVAILABLE
}
