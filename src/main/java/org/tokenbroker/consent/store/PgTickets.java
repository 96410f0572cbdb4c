package org.tokenbroker.consent.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.consent.Ticket;
import org.tokenbroker.consent.TicketState;
import org.tokenbroker.consent.Tickets;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;

/** Consent links in PostgreSQL. */
@ApplicationScoped
public class PgTickets implements Tickets {
  private final PgSessions sessions;

  PgTickets(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Stored> issue(Ticket ticket) {
    return Changes.stored(
        sessions.withTransaction(session -> session.persist(TicketRow.of(ticket))));
  }

  @Override
  public Uni<TicketRead> find(Fingerprint ticket) {
    return sessions
        .withSession(session -> session.find(TicketRow.class, ticket.value()))
        .map(
            row ->
                Optional.ofNullable(row)
                    .<TicketRead>map(found -> new TicketRead.Found(found.ticket()))
                    .orElseGet(TicketRead.Unknown::new))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new TicketRead.Unavailable());
  }

  @Override
  public Uni<Stored> withdraw(ConnectionId connection) {
    return Changes.stored(
        sessions.withTransaction(
            session ->
                session
                    .createMutationQuery(
                        "update TicketRow set state = :withdrawn where connection = :connection and"
                            + " state = :open")
                    .setParameter("withdrawn", TicketState.WITHDRAWN)
                    .setParameter("connection", connection.value())
                    .setParameter("open", TicketState.OPEN)
                    .executeUpdate()));
  }
}
