package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.consent.BroughtCode;
import org.tokenbroker.consent.CodeImport;
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.TenantId;

/** Authorization codes that operators bring for a connection (IV-4). */
@ApplicationScoped
public class CodeDesk {
  private final Ledger ledger;
  private final CodeImport codes;

  CodeDesk(Ledger ledger, CodeImport codes) {
    this.ledger = ledger;
    this.codes = codes;
  }

  /** Outcome of bringing a code. */
  public sealed interface Taken {
    record Presented(CodeImport.Outcome outcome) implements Taken {}

    record Unknown() implements Taken {}

    /** The connection's grant knows no code, or its state does not allow one. */
    record NotPossible(String reason) implements Taken {}

    record Unavailable() implements Taken {}
  }

  public Uni<Taken> take(ConnectionId id, BroughtCode code) {
    return ledger
        .find(id)
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found found -> take(found.connection(), code);
                  case LedgerRead.Unknown unknown -> Uni.createFrom().item(new Taken.Unknown());
                  case LedgerRead.Unavailable unavailable ->
                      Uni.createFrom().item(new Taken.Unavailable());
                });
  }

  private Uni<Taken> take(Connection connection, BroughtCode code) {
    if (connection.grant() != GrantType.AUTHORIZATION_CODE) {
      return notPossible("This connection's grant knows no authorization code.");
    }
    if (connection.health() instanceof Health.Disabled) {
      return notPossible("The connection is disabled; enable it first.");
    }
    return connection
        .tenant()
        .map(tenant -> take(connection, tenant, code))
        .orElseGet(() -> notPossible("Nobody has claimed the connection; claim it first."));
  }

  private Uni<Taken> take(Connection connection, TenantId tenant, BroughtCode code) {
    ConsentSubject subject =
        new ConsentSubject(
            connection.id(), tenant, connection.registration(), connection.requested());
    return codes.take(subject, code).map(Taken.Presented::new);
  }

  private static Uni<Taken> notPossible(String reason) {
    return Uni.createFrom().item(new Taken.NotPossible(reason));
  }
}
