package org.tokenbroker.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;

class PgSessionsTest {
  private static final int MORE_THAN_THE_POOL_HOLDS = 12;

  private static MigratedDatabase database;

  @BeforeAll
  static void open() {
    database = MigratedDatabase.of(Postgres.shared().freshDatabase());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  @Requirement("G-15")
  void aServerThatDoesNotAnswerKeepsNobodyWaitingBeyondTheLimit() {
    PgSessions hasty = database.sessions(Duration.ofMillis(200));

    Throwable failure = catchThrowable(() -> value(asleep(hasty, 5)));

    assertThat(failure).isNotNull();
    assertThat(PgFailures.isUnavailable(failure)).isTrue();
  }

  @Test
  @Requirement("G-15")
  void connectionsThatAnswerTooLateComeBackToThePool() {
    PgSessions hasty = database.sessions(Duration.ofMillis(100));
    for (int i = 0; i < MORE_THAN_THE_POOL_HOLDS; i++) {
      assertThat(catchThrowable(() -> value(asleep(hasty, 1)))).isNotNull();
    }

    assertThat(value(asleep(database.sessions(), 0))).isEqualTo(1);
  }

  @Test
  @Requirement("G-15")
  void credentialsThatTheServerNoLongerTakesAreAnOutage() {
    Postgres.Database owned = Postgres.shared().freshDatabase();
    owned.execute("CREATE ROLE rotated LOGIN SUPERUSER");
    try (MigratedDatabase rotated = MigratedDatabase.of(owned.as("rotated"))) {
      assertThat(value(asleep(rotated.sessions(), 0))).isEqualTo(1);
      owned.execute("ALTER ROLE rotated NOLOGIN");
      owned.cutConnections();

      assertThat(failures(rotated.sessions()))
          .isNotEmpty()
          .allMatch(PgFailures::isUnavailable)
          .extracting(PgSessionsTest::sqlState)
          .contains("28000");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"28000", "28P01", "08006", "57P01", "53300"})
  void whatTheServerIsTellsFromWhatWasAsked(String state) {
    assertThat(PgFailures.isUnavailable(new PgException("", "FATAL", state, ""))).isTrue();
    assertThat(PgFailures.isUnavailable(new PgException("", "ERROR", "42601", ""))).isFalse();
  }

  /** The first calls may still find a connection that is being cut. */
  private static List<Throwable> failures(PgSessions sessions) {
    return IntStream.range(0, MORE_THAN_THE_POOL_HOLDS)
        .mapToObj(call -> Optional.ofNullable(catchThrowable(() -> value(asleep(sessions, 0)))))
        .flatMap(Optional::stream)
        .toList();
  }

  private static String sqlState(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(cause -> cause instanceof PgException pg ? pg.getSqlState() : "")
        .filter(state -> !state.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static Uni<Integer> asleep(PgSessions sessions, int seconds) {
    return sessions.withTransaction(
        session ->
            session
                .createNativeQuery(
                    "SELECT 1 FROM (SELECT pg_sleep(" + seconds + ")) AS slept", Integer.class)
                .getSingleResult());
  }
}
