package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.token.Secret;

class TermTest {
  private static final Instant STARTED = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant KEPT = STARTED.plusSeconds(90);
  private static final Instant WARNED = STARTED.plus(Duration.ofDays(80));
  private static final Profile.Grant ENDLESS = window(Optional.empty());
  private static final Profile.Grant NINETY_DAYS = window(Optional.of(Duration.ofDays(90)));

  @Test
  @Requirement("G-9")
  void endsAfterTheProfilesWindowHoweverFreshTheRefreshTokenIs() {
    Credential fresh = holding(KEPT.plus(Duration.ofDays(400)), false);

    assertThat(Term.kept(KEPT, NINETY_DAYS, fresh).endsAt())
        .contains(KEPT.plus(Duration.ofDays(90)));
  }

  @Test
  @Requirement({"G-9", "G-8"})
  void endsWithARefreshTokenWhoseEndStays() {
    Instant end = KEPT.plus(Duration.ofDays(30));

    assertThat(Term.kept(KEPT, NINETY_DAYS, holding(end, true)).endsAt()).contains(end);
    assertThat(Term.kept(KEPT, ENDLESS, holding(end, true)).endsAt()).contains(end);
  }

  @Test
  @Requirement("G-9")
  void aRefreshTokenThatEachUseProlongsEndsNoAgreement() {
    Credential sliding = holding(KEPT.plus(Duration.ofDays(14)), false);

    assertThat(Term.kept(KEPT, ENDLESS, sliding).endsAt()).isEmpty();
  }

  @Test
  @Requirement("IV-12")
  void aRefreshTellsTheEndAnewByWhatTheProfileSaysToday() {
    Term known =
        new Term(KEPT, Optional.of(KEPT.plus(Duration.ofDays(120))), Optional.of(WARNED), true);

    assertThat(refreshed(Optional.of(known), NINETY_DAYS))
        .contains(
            new Term(KEPT, Optional.of(KEPT.plus(Duration.ofDays(90))), Optional.of(WARNED), true));
  }

  @Test
  @Requirement("G-9")
  void aWarningIsOfNoUseOnceTheEndMovedAway() {
    Term known =
        new Term(KEPT, Optional.of(KEPT.plus(Duration.ofDays(30))), Optional.of(WARNED), true);

    assertThat(refreshed(Optional.of(known), NINETY_DAYS).orElseThrow().warnedAt()).isEmpty();
  }

  @Test
  @Requirement("G-9")
  void anAgreementThatOnlyTheSafeKnowsCountsFromItsStartAndIsNotWarnedOfYet() {
    Term earlier =
        new Term(
            STARTED.minus(Duration.ofDays(89)), Optional.of(STARTED), Optional.of(WARNED), true);

    Term expected =
        new Term(STARTED, Optional.of(STARTED.plus(Duration.ofDays(90))), Optional.empty(), true);
    assertThat(refreshed(Optional.of(earlier), NINETY_DAYS)).contains(expected);
    assertThat(refreshed(Optional.empty(), NINETY_DAYS)).contains(expected);
  }

  @Test
  void clientCredentialsHaveNoAgreement() {
    assertThat(Term.refreshed(Optional.empty(), NINETY_DAYS, Credential.EMPTY)).isEmpty();
  }

  private static Optional<Term> refreshed(Optional<Term> known, Profile.Grant grant) {
    return Term.refreshed(known, grant, holding(KEPT.plus(Duration.ofDays(400)), false));
  }

  private static Credential holding(Instant end, boolean stays) {
    return new Credential(
        Optional.of(new Grant("grant", STARTED)),
        Optional.empty(),
        Optional.of(new RefreshToken(Secret.of("rt"), 1, Optional.of(end), stays)),
        Optional.empty(),
        Optional.empty());
  }

  private static Profile.Grant window(Optional<Duration> maxAge) {
    return new Profile.Grant(maxAge, Duration.ofDays(14));
  }
}
