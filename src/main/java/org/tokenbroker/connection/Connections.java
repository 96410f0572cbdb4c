package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** Reading side of connections, for those who serve them. Every failure is a value. */
public interface Connections {
  Uni<LedgerRead> find(ConnectionId id);

  /**
   * The one connection of a tenant under a registration; {@code Unknown} where there is none or
   * more than one.
   */
  Uni<LedgerRead> find(TenantId tenant, RegistrationId registration);

  /**
   * The one connection of a tenant at a provider (profile id); {@code Unknown} where there is none
   * or more than one.
   */
  Uni<LedgerRead> find(TenantId tenant, String provider);

  /** What the safe holds for the connection's consumers. */
  Uni<ServableRead> servable(Connection connection);
}
