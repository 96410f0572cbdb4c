package org.tokenbroker.consent.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.consent.ClaimTicket;
import org.tokenbroker.consent.ClaimTickets;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.RegistrationId;

/** Claim links in PostgreSQL. */
@ApplicationScoped
public class PgClaimTickets implements ClaimTickets {
  private final PgSessions sessions;

  PgClaimTickets(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Stored> issue(ClaimTicket ticket) {
    return Changes.stored(
        sessions.withTransaction(session -> session.persist(ClaimTicketRow.of(ticket))));
  }

  @Override
  public Uni<ClaimRead> find(Fingerprint ticket) {
    return sessions
        .withSession(session -> session.find(ClaimTicketRow.class, ticket.value()))
        .map(PgClaimTickets::read)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new ClaimRead.Unavailable());
  }

  @Override
  public Uni<Stored> arm(Fingerprint ticket, Fingerprint browser, Instant until) {
    return Changes.stored(
        Changes.statement(
            sessions,
            """
            UPDATE claim_ticket SET browser_fingerprint = :browser, armed_until = :until
            WHERE fingerprint = :ticket AND state = 'OPEN'""",
            statement ->
                statement
                    .setParameter("ticket", ticket.value())
                    .setParameter("browser", browser.value())
                    .setParameter("until", until)));
  }

  @Override
  public Uni<ClaimRead> armed(Fingerprint browser, RegistrationId registration, Instant now) {
    return sessions
        .withSession(
            session ->
                session
                    .createSelectionQuery(
                        """
                        from ClaimTicketRow t where t.browserFingerprint = :browser and t.registration = :registration
                          and t.state = OPEN and t.armedUntil > :now and t.expiresAt > :now order by t.armedUntil desc\
                        """,
                        ClaimTicketRow.class)
                    .setParameter("browser", browser.value())
                    .setParameter("registration", registration.value())
                    .setParameter("now", now)
                    .setMaxResults(1)
                    .getResultList())
        .map(rows -> read(rows.isEmpty() ? null : rows.getFirst()))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new ClaimRead.Unavailable());
  }

  @Override
  public Uni<Taking> use(Fingerprint ticket, Instant now) {
    return Changes.taking(
        Changes.statement(
            sessions,
            "UPDATE claim_ticket SET state = 'USED' WHERE fingerprint = :ticket AND state = 'OPEN' AND expires_at > :now",
            statement ->
                statement.setParameter("ticket", ticket.value()).setParameter("now", now)));
  }

  @Override
  public Uni<Stored> giveBack(Fingerprint ticket) {
    return Changes.stored(
        Changes.statement(
            sessions,
            "UPDATE claim_ticket SET state = 'OPEN' WHERE fingerprint = :ticket",
            statement -> statement.setParameter("ticket", ticket.value())));
  }

  @Override
  public Uni<Stored> forget(Instant expiredBefore, int limit) {
    return Changes.stored(
        Changes.statement(
            sessions,
            """
            DELETE FROM claim_ticket WHERE fingerprint IN (
              SELECT fingerprint FROM claim_ticket WHERE expires_at < :before
              ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED)""",
            statement ->
                statement.setParameter("before", expiredBefore).setParameter("limit", limit)));
  }

  private static ClaimRead read(@Nullable ClaimTicketRow row) {
    return row == null ? new ClaimRead.Unknown() : new ClaimRead.Found(row.ticket());
  }
}
