package org.tokenbroker.provider.store;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;
import org.tokenbroker.platform.PgFailures;
import org.tokenbroker.platform.PgSessions;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationCensus;
import org.tokenbroker.provider.RegistrationHealth;

/** The census of registrations in PostgreSQL: reads faulty ones and keys that sign, no others. */
@ApplicationScoped
public class PgRegistrationCensus implements RegistrationCensus {
  private static final String FAULTY =
      "SELECT "
          + RegistrationRow.COLUMNS
          + " FROM registration WHERE fault IS NOT NULL ORDER BY fault_since, id LIMIT :most";

  private static final String FAULTY_BY_PROVIDER =
      "SELECT profile, count(*) FROM registration WHERE fault IS NOT NULL GROUP BY profile";

  private static final String CERTIFICATE_ENDS =
      """
      SELECT r.profile, CAST(extract(epoch FROM min(k.certificate_ends_at)) AS bigint)
      FROM signing_key k JOIN registration r ON r.id = k.registration AND r.signing_key_id = k.key_id
      WHERE k.state = 'ACTIVE' AND k.certificate_ends_at IS NOT NULL AND r.client_authentication = 'PRIVATE_KEY_JWT'
      GROUP BY r.profile""";

  private final PgSessions sessions;

  PgRegistrationCensus(PgSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public Uni<Optional<Seen>> look() {
    return sessions
        .withSession(PgRegistrationCensus::seen)
        .map(Optional::of)
        .onFailure(PgFailures::isUnavailable)
        .recoverWithItem(Optional.empty());
  }

  private static Uni<Seen> seen(Mutiny.Session session) {
    return faulty(session)
        .chain(
            faulty ->
                byProvider(session, FAULTY_BY_PROVIDER, Function.identity())
                    .chain(number -> seen(session, faulty, number)));
  }

  private static Uni<Seen> seen(
      Mutiny.Session session, List<Faulty> faulty, Map<String, Long> number) {
    return byProvider(session, CERTIFICATE_ENDS, Instant::ofEpochSecond)
        .map(ends -> new Seen(faulty, number, ends));
  }

  private static Uni<List<Faulty>> faulty(Mutiny.Session session) {
    return session
        .createNativeQuery(FAULTY, RegistrationRow.class)
        .setParameter("most", MOST_NAMED)
        .getResultList()
        .map(
            rows ->
                rows.stream()
                    .map(row -> row.kept().registration())
                    .flatMap(registration -> faulty(registration).stream())
                    .toList());
  }

  private static Optional<Faulty> faulty(Registration registration) {
    return registration.health() instanceof RegistrationHealth.Faulty faulty
        ? Optional.of(new Faulty(registration.id(), registration.profile(), faulty.reason()))
        : Optional.empty();
  }

  private static <T> Uni<Map<String, T>> byProvider(
      Mutiny.Session session, String sql, Function<Long, T> meaning) {
    return session
        .createNativeQuery(sql, Object[].class)
        .getResultList()
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.toMap(
                            row -> (String) row[0], row -> meaning.apply((Long) row[1]))));
  }
}
