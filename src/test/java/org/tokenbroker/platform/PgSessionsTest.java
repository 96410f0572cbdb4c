package org.tokenbroker.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;

class PgSessionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
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

  private static Uni<Integer> asleep(PgSessions sessions, int seconds) {
    return sessions.withTransaction(
        session ->
            session
                .createNativeQuery(
                    "SELECT 1 FROM (SELECT pg_sleep(" + seconds + ")) AS slept", Integer.class)
                .getSingleResult());
  }

  private static <T> T value(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }
}
