package org.tokenbroker.refresh.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.refresh.Siblings;

/**
 * By table {@code connection}, for all replicas alike. A token that came before the client was
 * changed tells nothing, nor does a refusal of a client that was changed meanwhile. Nobody waits
 * for connections that are never refreshed.
 */
@ApplicationScoped
public class PgSiblings implements Siblings {
  private static final long WORKS = 1;
  private static final long NOBODY = 2;

  private static final String EVIDENCE =
      """
      SELECT CASE
        WHEN bool_or(c.issued_at > :since AND r.version = :version AND (r.client_since IS NULL OR c.issued_at > r.client_since)) THEN 1
        WHEN bool_or(c.state = 'ailing' AND c.cause = 'REFUSED_UNCLEARLY') THEN 2
        WHEN count(*) FILTER (WHERE c.state IN ('active', 'ailing', 'unclaimed') AND c.due_at IS NOT NULL) = 0 THEN 2
        ELSE 0 END::bigint
      FROM connection c JOIN registration r ON r.id = c.registration
      WHERE c.registration = :registration AND c.id <> :id AND c.deleted_at IS NULL AND c.disabled_at IS NULL""";

  private final PgSessions sessions;

  PgSiblings(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Evidence> of(Connection connection, Registration client, Instant since) {
    return sessions
        .withSession(
            session ->
                session
                    .createNativeQuery(EVIDENCE, Long.class)
                    .setParameter("since", since)
                    .setParameter("version", client.version())
                    .setParameter("registration", client.id().value())
                    .setParameter("id", connection.id().value())
                    .getSingleResult())
        .map(PgSiblings::evidence)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Evidence.NOTHING_YET);
  }

  private static Evidence evidence(long told) {
    if (told == WORKS) {
      return Evidence.CLIENT_WORKS;
    }
    return told == NOBODY ? Evidence.NOBODY_WORKS : Evidence.NOTHING_YET;
  }
}
