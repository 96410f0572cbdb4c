package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Term;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;

/** When a connection is refreshed: what the profile wants, and what an answer told of ends. */
class RefreshTimesTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  @Requirement({"G-1", "G-8"})
  void anEndThatTheAnswerDidNotTellIsAskedForOnceTheTokenIsDurable() {
    scene.expiryYaml = "{introspect: true}";
    scene.provider = () -> Uni.createFrom().item(scene.grantedUntold());
    Instant end = scene.time.instant().plus(Duration.ofMinutes(20));
    scene.introspected =
        () -> {
          assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
          return Uni.createFrom().item(Optional.of(end));
        };

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.held.orElseThrow().lifetime().expiresAt()).isEqualTo(end);
    assertThat(scene.stored().accessToken().orElseThrow().lifetime().expiresAt()).isEqualTo(end);
    assertThat(scene.dueAt.orElseThrow()).isBefore(end);
  }

  @Test
  @Requirement("BE-14")
  void plansTheNextRefreshFromTheLatestAnswerAlsoWhenItLivesShorter() {
    scene.replies(scene.granted("at-2", Optional.of("rt-2"), Duration.ofMinutes(10)));

    scene.refresh();

    assertThat(scene.storedAccessToken()).isEqualTo("at-2");
    assertThat(scene.dueAt.orElseThrow())
        .isBetween(scene.time.instant().plusSeconds(340), scene.time.instant().plusSeconds(400));
  }

  @Test
  @Requirement("G-9")
  void theEndOfTheAgreementIsToldFromTheNewestRefreshTokenOnceItsEndStays() {
    Instant end = scene.time.instant().plus(Duration.ofDays(30));
    scene.replies(scene.granted("at-2", "rt-2", end));
    scene.refresh();
    assertThat(scene.term).flatMap(Term::endsAt).isEmpty();

    scene.time.advance(Duration.ofMinutes(45));
    scene.replies(scene.granted("at-3", "rt-3", end.plusMillis(700)));
    scene.refresh();

    assertThat(scene.term).flatMap(Term::endsAt).contains(end.plusMillis(700));
  }

  @Test
  @Requirement("G-9")
  void aRefreshTokenWhoseEndMovesWithEachUseEndsNoAgreement() {
    scene.replies(scene.granted("at-2", "rt-2", scene.time.instant().plus(Duration.ofDays(30))));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(45));
    scene.replies(scene.granted("at-3", "rt-3", scene.time.instant().plus(Duration.ofDays(30))));

    scene.refresh();

    assertThat(scene.term).map(Term::agreedAt).contains(RefreshScene.GRANT.startedAt());
    assertThat(scene.term).flatMap(Term::endsAt).isEmpty();
  }

  @Test
  void aProviderThatWantsTimeBetweenRefreshesIsNotAskedSoonerThoughAConsumerReports() {
    scene.refreshWords = "min_interval: 1h";

    assertThat(scene.refreshForced()).isInstanceOf(RefreshOutcome.NotDue.class);

    assertThat(scene.requests).isEmpty();
    Instant allowed = scene.time.instant().plus(Duration.ofMinutes(15));
    assertThat(scene.dueAt.orElseThrow()).isBetween(allowed, allowed.plusSeconds(5));
  }

  @Test
  void aRequestThatTheProviderSawCountsForTheTimeBetweenRefreshes() {
    scene.refreshWords = "min_interval: 30m";
    scene.replies(new TokenReply.Rejected(Rejection.INVALID_REQUEST));

    scene.refresh();

    assertThat(scene.dueAt.orElseThrow())
        .isAfterOrEqualTo(scene.time.instant().plus(Duration.ofMinutes(30)));
  }

  @Test
  @Requirement("G-9")
  void aRefreshTokenThatWouldDieUnusedIsUsedThoughTheAccessTokenLives() {
    scene.refreshWords = "idle_lifetime: 1h";
    scene.replies(scene.granted("at-2", Optional.of("rt-2"), Duration.ofDays(30)));
    scene.refresh();
    assertThat(scene.dueAt.orElseThrow())
        .isBeforeOrEqualTo(scene.time.instant().plus(Duration.ofMinutes(40)));

    scene.time.advance(Duration.ofMinutes(41));
    scene.replies(scene.granted("at-3", Optional.of("rt-3"), Duration.ofDays(30)));
    scene.refresh();

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-3");
  }

  @Test
  @Requirement("G-9")
  void aProviderThatRepeatsItsTokenIsStillAskedBeforeTheRefreshTokenDiesUnused() {
    scene.refreshWords = "idle_lifetime: 1h";
    scene.replies(scene.granted("at-2", Optional.of("rt-2"), Duration.ofDays(30)));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(41));
    scene.replies(scene.granted("at-2", Optional.of("rt-3"), Duration.ofDays(30)));

    scene.refresh();

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-3");
    assertThat(scene.dueAt.orElseThrow())
        .isBeforeOrEqualTo(scene.time.instant().plus(Duration.ofMinutes(40)));
  }

  @Test
  @Requirement("G-8")
  void aRefreshTokenIsUsedBeforeTheEndThatTheAnswerTold() {
    Instant end = scene.time.instant().plus(Duration.ofMinutes(30));
    scene.replies(scene.granted("at-2", "rt-2", end));

    scene.refresh();

    assertThat(scene.dueAt.orElseThrow())
        .isBeforeOrEqualTo(scene.time.instant().plus(Duration.ofMinutes(20)));
  }

  @Test
  void aTokenThatNeverEndsIsKeptForAnotherWhileWithoutACall() {
    scene.expiryYaml = "{never: true}";
    scene.put(telling(withoutRefreshToken(scene.stored()), Map.of("shop", "acme")));

    assertThat(scene.refresh())
        .isInstanceOfSatisfying(
            RefreshOutcome.Refreshed.class, kept -> assertThat(kept.repaired()).isTrue());

    assertThat(scene.requests).isEmpty();
    assertThat(scene.storedAccessToken()).isEqualTo("at-1");
    assertThat(scene.stored().facts())
        .as("where it is revoked may hang on them")
        .containsExactly(Map.entry("shop", "acme"));
    assertThat(scene.held.orElseThrow().lifetime().expiresAt())
        .isEqualTo(scene.time.instant().plus(Duration.ofHours(1)));
    assertThat(scene.generation()).isEqualTo(2);
  }

  @Test
  void aTokenWithAnEndIsNotKeptBeyondItWhereOnlyZeroMeansNever() {
    scene.expiryYaml = "{zero_means: never}";
    scene.put(withoutRefreshToken(scene.stored()));
    scene.time.advance(Duration.ofHours(1));

    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.NO_REFRESH_TOKEN));
  }

  private static Credential telling(Credential credential, Map<String, String> facts) {
    return new Credential(
        credential.grant(),
        credential.accessToken(),
        credential.refreshToken(),
        credential.pending(),
        credential.awaited(),
        facts);
  }

  private static Credential withoutRefreshToken(Credential credential) {
    return new Credential(
        credential.grant(),
        credential.accessToken(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void theSameTokenAgainIsNoNewGenerationAndIsAskedForAfterHalfOfItsLife() {
    scene.replies(scene.granted("at-1", Optional.empty(), Duration.ofMinutes(15)));

    scene.refresh();

    assertThat(scene.generation()).isEqualTo(1);
    assertThat(scene.dueAt.orElseThrow())
        .isEqualTo(scene.time.instant().plus(Duration.ofSeconds(451)));
  }

  @Test
  @Requirement("MO-5")
  void withoutARefreshTokenTheOwnerIsNeededOnlyWhenTheAccessTokenEnds() {
    Credential current = scene.stored();
    scene.put(
        new Credential(
            current.grant(),
            current.accessToken(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    scene.refresh();
    assertThat(scene.health).isInstanceOf(Health.Active.class);

    scene.time.advance(Duration.ofMinutes(16));
    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.NO_REFRESH_TOKEN));
    assertThat(scene.requests).isEmpty();
  }
}
