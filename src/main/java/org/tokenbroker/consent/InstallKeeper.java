package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/**
 * Makes room for what installs bring, and gives them to tenants; implemented by the chapter that
 * owns connections.
 */
public interface InstallKeeper {
  /** A connection that belongs to nobody and is served to nobody, for what the code will bring. */
  Uni<Stored> begin(Install install);

  /** Nothing came of it, and it leaves nothing behind; unless a grant of it is kept after all. */
  Uni<Void> abandon(ConnectionId connection);

  /**
   * Gives an install to a tenant, at once or as soon as its facts are known. One that renewed a
   * connection in place stands for that connection.
   */
  Uni<Claim> claim(ConnectionId connection, TenantId tenant);

  /**
   * An install on its way.
   *
   * @param connection its generated id
   * @param provider id of the registration's profile
   * @param requested scopes that the registration asks for
   */
  record Install(
      ConnectionId connection,
      RegistrationId registration,
      String provider,
      Scopes requested,
      Instant begunAt) {}

  /** What came of a claim. */
  enum Claim {
    /** It is this tenant's, or will be once its facts are known; perhaps it was before. */
    CLAIMED,
    /** It is another tenant's: nothing was changed. */
    ANOTHERS,
    /** Deleted, disabled, or it lacks its owner's agreement. */
    GONE,
    UNAVAILABLE
  }
}
