package org.tokenbroker.safe;

/** Whether the safe takes writes of this replica. */
public sealed interface SafeState {
  /** It answers, and lets this replica write below its prefix. */
  record Writable() implements SafeState {}

  /** It does not answer, or does not let this replica write. Reads may fail too. */
  record Unavailable(SafeFault fault) implements SafeState {}
}
