package org.tokenbroker.consent.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.InstallCodes;
import org.tokenbroker.consent.Stored;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;

/** Codes of installs in PostgreSQL. */
@ApplicationScoped
public class PgInstallCodes implements InstallCodes {
  private final PgSessions sessions;

  PgInstallCodes(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Taking> take(InstallCode code) {
    return Changes.taking(
        Changes.statement(
            sessions,
            """
            INSERT INTO install (code_fingerprint, registration, connection, begun_at)
            VALUES (:code, :registration, :connection, :begunAt) ON CONFLICT (code_fingerprint) DO NOTHING""",
            statement ->
                statement
                    .setParameter("code", code.code().value())
                    .setParameter("registration", code.registration().value())
                    .setParameter("connection", code.connection().value())
                    .setParameter("begunAt", code.begunAt())));
  }

  @Override
  public Uni<Stored> release(Fingerprint code) {
    return Changes.stored(
        Changes.statement(
            sessions,
            "DELETE FROM install WHERE code_fingerprint = :code",
            statement -> statement.setParameter("code", code.value())));
  }

  @Override
  public Uni<Stored> kept(Fingerprint code, ConnectionId connection, Fingerprint browser) {
    return Changes.stored(
        Changes.statement(
            sessions,
            "UPDATE install SET connection = :connection, browser_fingerprint = :browser WHERE code_fingerprint = :code",
            statement ->
                statement
                    .setParameter("code", code.value())
                    .setParameter("connection", connection.value())
                    .setParameter("browser", browser.value())));
  }

  @Override
  public Uni<BroughtRead> broughtBy(
      Fingerprint browser, RegistrationId registration, Instant since) {
    return sessions
        .withSession(
            session ->
                session
                    .createSelectionQuery(
                        """
                        from InstallRow i where i.browserFingerprint = :browser and i.registration = :registration
                          and i.begunAt >= :since order by i.begunAt desc\
                        """,
                        InstallRow.class)
                    .setParameter("browser", browser.value())
                    .setParameter("registration", registration.value())
                    .setParameter("since", since)
                    .setMaxResults(1)
                    .getResultList())
        .<BroughtRead>map(
            rows ->
                rows.isEmpty()
                    ? new BroughtRead.Nothing()
                    : new BroughtRead.Found(rows.getFirst().connectionId()))
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(new BroughtRead.Unavailable());
  }

  @Override
  public Uni<Stored> settled(Fingerprint browser, ConnectionId connection) {
    return Changes.stored(
        Changes.statement(
            sessions,
            "UPDATE install SET browser_fingerprint = NULL WHERE browser_fingerprint = :browser AND connection = :connection",
            statement ->
                statement
                    .setParameter("browser", browser.value())
                    .setParameter("connection", connection.value())));
  }

  @Override
  public Uni<Stored> forget(Instant begunBefore, int limit) {
    return Changes.stored(
        Changes.statement(
            sessions,
            """
            DELETE FROM install WHERE code_fingerprint IN (
              SELECT code_fingerprint FROM install WHERE begun_at < :before
              ORDER BY begun_at LIMIT :limit FOR UPDATE SKIP LOCKED)""",
            statement ->
                statement.setParameter("before", begunBefore).setParameter("limit", limit)));
  }
}
