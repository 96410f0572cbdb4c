package org.tokenbroker.safe;

/** Outcome of reading a document. */
public sealed interface SafeRead {
  record Found(SafeDocument document, SafeVersion version) implements SafeRead {}

  /**
   * Nothing lies at the path: never written, or destroyed.
   *
   * @param version what a check-and-set write must expect here: 0 where the path is unknown, else
   *     the newest destroyed version
   */
  record Absent(SafeVersion version) implements SafeRead {}

  record Unavailable(SafeFault fault) implements SafeRead {}
}
