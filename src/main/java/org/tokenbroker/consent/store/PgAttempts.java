package org.tokenbroker.consent.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.consent.Attempt;
import org.tokenbroker.consent.AttemptState;
import org.tokenbroker.consent.Attempts;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.consent.TicketState;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;

/** Attempts in PostgreSQL. */
@ApplicationScoped
public class PgAttempts implements Attempts {
  private final PgSessions sessions;

  PgAttempts(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Stored> open(Attempt attempt) {
    return Changes.stored(
        sessions.withTransaction(
            session -> {
              TicketRow ticket = session.getReference(TicketRow.class, attempt.ticket().value());
              return session.persist(AttemptRow.of(attempt, ticket));
            }));
  }

  @Override
  public Uni<AttemptRead> find(Fingerprint state) {
    return sessions
        .withSession(
            session ->
                session
                    .createSelectionQuery(
                        "from AttemptRow a join fetch a.ticket where a.stateFingerprint = :state",
                        AttemptRow.class)
                    .setParameter("state", state.value())
                    .getSingleResultOrNull())
        .map(
            row ->
                Optional.ofNullable(row)
                    .<AttemptRead>map(AttemptRow::found)
                    .orElseGet(AttemptRead.Unknown::new))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new AttemptRead.Unavailable());
  }

  @Override
  public Uni<Taking> take(GrantId grant, Instant now) {
    return Changes.taking(
        sessions.withTransaction(
            session ->
                session
                    .createMutationQuery(
                        """
                        update AttemptRow a set a.state = :taken
                        where a.id = :id and a.state = :open and a.expiresAt > :now
                          and exists (select 1 from TicketRow t where t = a.ticket and t.state = :ticketOpen)\
                        """)
                    .setParameter("taken", AttemptState.TAKEN)
                    .setParameter("id", grant.id())
                    .setParameter("open", AttemptState.OPEN)
                    .setParameter("now", now)
                    .setParameter("ticketOpen", TicketState.OPEN)
                    .executeUpdate()));
  }

  @Override
  public Uni<Stored> kept(GrantId grant) {
    return Changes.stored(
        sessions.withTransaction(
            session ->
                session
                    .createMutationQuery(
                        """
                        update TicketRow t set t.state = :used
                        where t.fingerprint = (select a.ticket.fingerprint from AttemptRow a where a.id = :id)\
                        """)
                    .setParameter("used", TicketState.USED)
                    .setParameter("id", grant.id())
                    .executeUpdate()
                    .chain(
                        () ->
                            session
                                .createMutationQuery(
                                    "update AttemptRow set state = :kept where id = :id")
                                .setParameter("kept", AttemptState.KEPT)
                                .setParameter("id", grant.id())
                                .executeUpdate())));
  }

  @Override
  public Uni<Stored> secretsGone(GrantId grant) {
    return Changes.stored(
        sessions.withTransaction(
            session ->
                session
                    .createMutationQuery("update AttemptRow set hasSecrets = false where id = :id")
                    .setParameter("id", grant.id())
                    .executeUpdate()));
  }

  @Override
  public Uni<Leftovers> leftovers(Instant expiredBefore, int limit) {
    return sessions
        .withSession(
            session ->
                session
                    .createSelectionQuery(
                        """
                        from AttemptRow a join fetch a.ticket
                        where a.hasSecrets and a.expiresAt < :before order by a.expiresAt\
                        """,
                        AttemptRow.class)
                    .setParameter("before", expiredBefore)
                    .setMaxResults(limit)
                    .getResultList())
        .<Leftovers>map(PgAttempts::listed)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new Leftovers.Unavailable());
  }

  @Override
  public Uni<Stored> forget(Instant expiredBefore, int limit) {
    return Changes.stored(
        sessions.withTransaction(
            session ->
                session
                    .createNativeQuery(
                        """
                        DELETE FROM consent_attempt WHERE id IN (
                          SELECT id FROM consent_attempt WHERE expires_at < :before AND NOT has_secrets
                          ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED)\
                        """)
                    .setParameter("before", expiredBefore)
                    .setParameter("limit", limit)
                    .executeUpdate()
                    .chain(
                        () ->
                            session
                                .createNativeQuery(
                                    """
                                    DELETE FROM consent_ticket WHERE fingerprint IN (
                                      SELECT fingerprint FROM consent_ticket t WHERE expires_at < :before
                                        AND NOT EXISTS (SELECT 1 FROM consent_attempt a WHERE a.ticket = t.fingerprint)
                                      ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED)\
                                    """)
                                .setParameter("before", expiredBefore)
                                .setParameter("limit", limit)
                                .executeUpdate())));
  }

  private static Leftovers listed(List<AttemptRow> rows) {
    return new Leftovers.Listed(rows.stream().map(AttemptRow::grant).toList());
  }
}
