package org.tokenbroker.safe;

/** Outcome of a check-and-set write. */
public sealed interface SafeWrite {
  /**
   * @param version the version that now holds the document
   */
  record Written(SafeVersion version) implements SafeWrite {}

  /**
   * Another version than the expected one lies there: read again, never overwrite blindly. Nothing
   * was written.
   */
  record Conflict() implements SafeWrite {}

  /** Not done, or not known to be done: see {@link SafeFault}. */
  record Unavailable(SafeFault fault) implements SafeWrite {}
}
