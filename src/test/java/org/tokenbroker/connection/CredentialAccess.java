package org.tokenbroker.connection;

import org.tokenbroker.safe.SecretSafe;

/** Builds this chapter's services for tests of later chapters. */
public final class CredentialAccess {
  private CredentialAccess() {}

  public static Credentials to(SecretSafe safe) {
    return new Credentials(safe);
  }

  public static DurableWriter writer(Credentials credentials, Pause pause) {
    return new DurableWriter(credentials, pause);
  }
}
