package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** Reading side of connections, for those who serve them. Every failure is a value. */
public interface Connections {
  Uni<LedgerRead> find(ConnectionId id);

  /** A tenant's connections under a registration. */
  Uni<Candidates> find(TenantId tenant, RegistrationId registration);

  /** A tenant's connections at a provider (profile id). */
  Uni<Candidates> find(TenantId tenant, String provider);

  /** What the safe holds for the connection's consumers. */
  Uni<ServableRead> servable(Connection connection);
}
