package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** The ledger and the safe, for those who only read. */
@ApplicationScoped
class KnownConnections implements Connections {
  private final Ledger ledger;
  private final Credentials credentials;

  KnownConnections(Ledger ledger, Credentials credentials) {
    this.ledger = ledger;
    this.credentials = credentials;
  }

  @Override
  public Uni<LedgerRead> find(ConnectionId id) {
    return ledger.find(id);
  }

  @Override
  public Uni<LedgerRead> find(TenantId tenant, RegistrationId registration) {
    return ledger.findOnly(tenant, registration);
  }

  @Override
  public Uni<LedgerRead> find(TenantId tenant, String provider) {
    return ledger.findOnly(tenant, provider);
  }

  @Override
  public Uni<CredentialRead> credential(ConnectionId id) {
    return credentials.read(id);
  }
}
