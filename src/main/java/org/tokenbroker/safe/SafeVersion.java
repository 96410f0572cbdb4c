package org.tokenbroker.safe;

/**
 * The version of a document, as KV v2 counts it.
 *
 * @param value 0 where no document exists yet, else at least 1; rises with each write
 */
public record SafeVersion(long value) {
  /** Expected version of a write that must create the document. */
  public static final SafeVersion ABSENT = new SafeVersion(0);

  public SafeVersion {
    if (value < 0) {
      throw new IllegalArgumentException("a safe version must not be negative");
    }
  }
}
