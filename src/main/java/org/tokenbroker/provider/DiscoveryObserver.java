package org.tokenbroker.provider;

/** Sees what becomes of looking for issuers' metadata, for metrics and alarms; must not throw. */
public interface DiscoveryObserver {
  void ended(String profile, Outcome outcome);

  /** What became of it. */
  enum Outcome {
    /** A document was found and is used. */
    FOUND,
    /** No answer came: what was known stays in use. */
    UNREACHABLE,
    /** What came must not be used (C20): what was known stays in use. */
    REFUSED,
    /** An endpoint moved to another host: what was known stays in use until somebody looks. */
    HOST_CHANGED
  }
}
