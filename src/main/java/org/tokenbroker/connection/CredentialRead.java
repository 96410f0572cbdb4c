package org.tokenbroker.connection;

import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafeVersion;

/** Outcome of reading a credential. */
public sealed interface CredentialRead {
  record Found(Credential credential, SafeVersion version) implements CredentialRead {}

  /**
   * @param version what a write must expect
   */
  record Absent(SafeVersion version) implements CredentialRead {}

  record Unavailable(SafeFault fault) implements CredentialRead {}
}
