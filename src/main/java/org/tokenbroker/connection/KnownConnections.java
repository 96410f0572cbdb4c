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
  private final ApiKeys keys;

  KnownConnections(Ledger ledger, Credentials credentials, ApiKeys keys) {
    this.ledger = ledger;
    this.credentials = credentials;
    this.keys = keys;
  }

  @Override
  public Uni<LedgerRead> find(ConnectionId id) {
    return ledger.find(id);
  }

  @Override
  public Uni<Candidates> find(TenantId tenant, RegistrationId registration) {
    return ledger.search(tenant, registration);
  }

  @Override
  public Uni<Candidates> find(TenantId tenant, String provider) {
    return ledger.search(tenant, provider);
  }

  @Override
  public Uni<ServableRead> servable(Connection connection) {
    return switch (connection.grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS ->
          credentials.read(connection.id()).map(KnownConnections::token);
      case API_KEY -> keys.read(connection.id()).map(KnownConnections::key);
    };
  }

  private static ServableRead token(CredentialRead read) {
    return switch (read) {
      case CredentialRead.Found found ->
          found
              .credential()
              .accessToken()
              .<ServableRead>map(ServableRead.Found::new)
              .orElseGet(ServableRead.Absent::new);
      case CredentialRead.Absent absent -> new ServableRead.Absent();
      case CredentialRead.Unavailable unavailable ->
          new ServableRead.Unavailable(unavailable.fault());
    };
  }

  private static ServableRead key(ApiKeys.Read read) {
    return switch (read) {
      case ApiKeys.Read.Found found -> new ServableRead.Found(found.key());
      case ApiKeys.Read.Absent absent -> new ServableRead.Absent();
      case ApiKeys.Read.Unavailable unavailable ->
          new ServableRead.Unavailable(unavailable.fault());
    };
  }
}
