package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.NOON;
import static org.tokenbroker.serve.Given.active;
import static org.tokenbroker.serve.Given.ailing;
import static org.tokenbroker.serve.Given.connection;
import static org.tokenbroker.serve.Given.needsConsent;
import static org.tokenbroker.serve.Given.token;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.serve.ServePolicy.Decision;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Lifetime;

class ServePolicyTest {
  static final Rhythm PLAIN = Rhythm.of(Optional.empty());
  private static final Duration LONG = Duration.ofMinutes(50);

  static List<Health> served() {
    return List.of(active(), ailing(), needsConsent());
  }

  static List<Health> withdrawn() {
    return List.of(
        new Health.Unclaimed(NOON),
        new Health.Disabled(active(), NOON),
        new Health.Disabled(needsConsent(), NOON));
  }

  @ParameterizedTest
  @MethodSource("served")
  @Requirement("G-3")
  void aTokenWithLifeIsServedAtOnceHoweverIllTheConnectionIs(Health health) {
    AccessToken token = token(1, LONG);

    assertThat(decide(health, token)).isEqualTo(new Decision.ServeNow(token));
  }

  @ParameterizedTest
  @MethodSource("withdrawn")
  @Requirement("BE-4")
  void aWithdrawnConnectionIsServedToNobodyHoweverGoodItsToken(Health health) {
    assertThat(decide(health, token(1, LONG))).isEqualTo(new Decision.NotServed());
  }

  @Test
  @Requirement({"X-2", "G-13"})
  void whatWasRevokedWaitsForItsOwnerHoweverGoodItsToken() {
    assertThat(decide(new Health.Revoked(NOON), token(1, LONG)))
        .isEqualTo(new Decision.ConsentRequired());
  }

  @Test
  @Requirement("BE-9")
  void beforeTheProvidersFactsAreKnownNobodyIsServed() {
    assertThat(decide(new Health.Connecting(Hurdle.NOT_ASKED, NOON), token(1, LONG)))
        .isEqualTo(new Decision.NotYet());
  }

  @Test
  void beforeTheFirstConsentItsOwnerIsAsked() {
    assertThat(decide(new Health.PendingConsent(NOON))).isEqualTo(new Decision.ConsentRequired());
  }

  @Test
  void afterItsTokenTooTheOwnerIsAsked() {
    assertThat(decide(needsConsent(), token(1, Duration.ofSeconds(59))))
        .isEqualTo(new Decision.ConsentRequired());
    assertThat(decide(needsConsent())).isEqualTo(new Decision.ConsentRequired());
  }

  @Test
  void inItsLastMinutesAHealthyConnectionIsWorthAShortWait() {
    AccessToken token = token(1, Duration.ofMinutes(5));

    assertThat(decide(active(), token(1, Duration.ofMinutes(5).plusSeconds(1))))
        .isInstanceOf(Decision.ServeNow.class);
    assertThat(decide(active(), token)).isEqualTo(new Decision.WaitThenServeOld(token));
    assertThat(decide(ailing(), token)).isEqualTo(new Decision.ServeNow(token));
  }

  @Test
  void withTooLittleLifeOnlyANewerTokenWillDo() {
    assertThat(decide(active(), token(1, Duration.ofSeconds(59)))).isEqualTo(new Decision.Wait());
    assertThat(decide(ailing(), token(1, Duration.ofSeconds(59)))).isEqualTo(new Decision.Wait());
    assertThat(decide(active())).isEqualTo(new Decision.Wait());
  }

  @Test
  @Requirement("G-10")
  void aCacheThatComesBackAsToldFindsTheTokenOfTheNextRefresh() {
    Lifetime life = token(1, LONG).lifetime();
    Instant back = ServePolicy.refreshAfter(connection(active()), token(1, LONG), PLAIN, NOON);

    assertThat(back)
        .isAfter(life.issuedAt().plus(Duration.ofMinutes(34)))
        .isBefore(life.issuedAt().plus(Duration.ofMinutes(41)));
  }

  @Test
  @Requirement("G-10")
  void whereARefreshEndsTheTokenCachesComeBackSoonAtAnyAge() {
    Rhythm ending = new Rhythm(Duration.ZERO, Duration.ZERO, Optional.empty(), true);

    for (int left : List.of(3599, 1200, 61, 5)) {
      AccessToken token = token(1, Duration.ofSeconds(left));
      assertThat(ServePolicy.refreshAfter(connection(active()), token, ending, NOON))
          .isAfter(NOON)
          .isBeforeOrEqualTo(NOON.plusSeconds(10));
    }
  }

  private static Decision decide(Health health, AccessToken... token) {
    return ServePolicy.decide(
        connection(health),
        Optional.of(List.of(token)).filter(some -> !some.isEmpty()).map(List::getFirst),
        PLAIN,
        MinimumLife.standard(),
        NOON);
  }
}
