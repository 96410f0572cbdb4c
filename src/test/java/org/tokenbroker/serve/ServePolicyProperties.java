package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.NOON;
import static org.tokenbroker.serve.Given.active;
import static org.tokenbroker.serve.Given.connection;
import static org.tokenbroker.serve.Given.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.serve.ServePolicy.Decision;
import org.tokenbroker.token.AccessToken;

class ServePolicyProperties {
  @Property
  @Requirement({"G-3", "I3"})
  void noTokenIsEverServedExpiredOrWithLessLifeThanAsked(
      @ForAll @IntRange(min = 1, max = 100_000) int life,
      @ForAll @IntRange(max = 120_000) int age,
      @ForAll @IntRange(max = 200_000) int wished) {
    AccessToken token = token(1, Duration.ofSeconds(life), Duration.ofSeconds(life - age));
    MinimumLife minimum = MinimumLife.of(Duration.ofSeconds(wished));

    for (Health health : ServePolicyTest.served()) {
      Decision decision =
          ServePolicy.decide(
              connection(health), Optional.of(token), ServePolicyTest.PLAIN, minimum, NOON);
      boolean fit = age < life && life - age >= Math.min(Math.max(wished, 60), life / 2.0);
      assertThat(
              decision instanceof Decision.ServeNow
                  || decision instanceof Decision.WaitThenServeOld)
          .as("%s with %d of %d s left, %d s asked", health, life - age, life, wished)
          .isEqualTo(fit);
    }
  }

  @Property
  @Requirement("G-10")
  void aCacheIsNeverToldToComeBackInThePastNorAfterTheEnd(
      @ForAll @IntRange(min = 10, max = 100_000) int life,
      @ForAll @IntRange(max = 100_000) int age,
      @ForAll @IntRange(max = 100_000) int minInterval,
      @ForAll boolean endsFormer) {
    AccessToken token =
        token(1, Duration.ofSeconds(life), Duration.ofSeconds(Math.max(1, life - age)));
    Connection connection = connection(active());
    Rhythm rhythm =
        new Rhythm(Duration.ZERO, Duration.ofSeconds(minInterval), Optional.empty(), endsFormer);

    Instant back = ServePolicy.refreshAfter(connection, token, rhythm, NOON);

    assertThat(back).isAfter(NOON);
    assertThat(back).isBeforeOrEqualTo(token.lifetime().expiresAt());
  }
}
