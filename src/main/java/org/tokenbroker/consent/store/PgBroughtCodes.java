package org.tokenbroker.consent.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.tokenbroker.consent.BroughtCodes;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;

/** Codes that operators brought, in PostgreSQL. */
@ApplicationScoped
public class PgBroughtCodes implements BroughtCodes {
  private static final String NOTE =
      """
      INSERT INTO imported_code (fingerprint, connection, imported_at) VALUES (:fingerprint, :connection, :now)
      ON CONFLICT (fingerprint) DO NOTHING""";

  private static final String FORGET =
      """
      DELETE FROM imported_code WHERE fingerprint IN (
        SELECT fingerprint FROM imported_code WHERE imported_at < :before
        ORDER BY imported_at LIMIT :limit FOR UPDATE SKIP LOCKED)""";

  private final PgSessions sessions;

  PgBroughtCodes(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Noted> note(Fingerprint code, ConnectionId connection, Instant now) {
    return sessions
        .withTransaction(
            session ->
                session
                    .createNativeQuery(NOTE)
                    .setParameter("fingerprint", code.value())
                    .setParameter("connection", connection.value())
                    .setParameter("now", now)
                    .executeUpdate())
        .map(rows -> rows == 1 ? Noted.NEW : Noted.KNOWN)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Noted.UNAVAILABLE);
  }

  @Override
  public Uni<Stored> release(Fingerprint code) {
    return Changes.stored(
        sessions.withTransaction(
            session ->
                session
                    .createNativeQuery("DELETE FROM imported_code WHERE fingerprint = :fingerprint")
                    .setParameter("fingerprint", code.value())
                    .executeUpdate()));
  }

  @Override
  public Uni<Stored> forget(Instant notedBefore, int limit) {
    return Changes.stored(
        sessions.withTransaction(
            session ->
                session
                    .createNativeQuery(FORGET)
                    .setParameter("before", notedBefore)
                    .setParameter("limit", limit)
                    .executeUpdate()));
  }
}
