package org.tokenbroker.safe.vault;

import java.util.Locale;

/** What is asked of Vault; the label {@code op} of its metrics is the name in lower case. */
enum VaultOperation {
  /** Read a document. */
  READ,
  /** Write a document. */
  WRITE,
  /** Set how a new document is versioned. */
  CONFIGURE,
  /** Delete a document with all versions. */
  DESTROY,
  /** Destroy former versions of a document. */
  DESTROY_FORMER,
  /** Ask what the token may do. */
  PROBE,
  /** Get a token. */
  LOGIN,
  /** Extend the token. */
  RENEW,
  /** Ask whether the token is still good. */
  LOOKUP;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
