package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Term;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.safe.SafePath;

/**
 * What a safe that fails, a lost lease or a lost replica leave behind: no token is lost or spent
 * twice.
 */
class RefreshCrashTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  @Requirement("BE-9")
  void aGrantFoundInTheSafeMakesNobodyActiveBeforeItsFactsAreKnown() {
    scene.looksUp = true;
    scene.held = Optional.empty();
    scene.health = new Health.PendingConsent(scene.time.instant());

    scene.refresh();

    assertThat(scene.health)
        .isEqualTo(new Health.Connecting(Hurdle.NOT_ASKED, scene.time.instant()));
  }

  @Test
  @Requirement("BE-4")
  void aGrantOfNobodyThatIsFoundInTheSafeIsUnclaimed() {
    scene.tenant = Optional.empty();
    scene.held = Optional.empty();
    scene.health = new Health.PendingConsent(scene.time.instant());

    scene.refresh();

    assertThat(scene.health).isEqualTo(new Health.Unclaimed(scene.time.instant()));
  }

  @Test
  @Requirement({"G-9", "G-1"})
  void aGrantWhoseLedgerFailedIsAnAgreementOnceTheSafeRepairsIt() {
    scene.grantYaml = "{max_age: 90d}";
    scene.held = Optional.empty();

    assertThat(scene.refresh())
        .isInstanceOfSatisfying(
            RefreshOutcome.Refreshed.class, repaired -> assertThat(repaired.repaired()).isTrue());

    assertThat(scene.term)
        .flatMap(Term::endsAt)
        .contains(RefreshScene.GRANT.startedAt().plus(Duration.ofDays(90)));
  }

  @Test
  @Requirement("G-1")
  void spendsNoTokenWhenTheSafeCannotBeWritten() {
    scene.safe.failWrites(1);

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.SAFE_UNAVAILABLE));

    assertThat(scene.requests).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
  }

  @Test
  @Requirement({"G-1", "BE-15"})
  void holdsARotatedTokenUntilTheSafeTakesItAndTellsNobodyBefore() {
    scene.provider =
        () -> {
          scene.safe.goDown();
          return Uni.createFrom().item(scene.granted("at-2", Optional.of("rt-2")));
        };
    UniAssertSubscriber<RefreshOutcome> refreshing = scene.begin(false);
    scene.pause.elapse();
    refreshing.assertNotTerminated();
    assertThat(scene.generation()).isEqualTo(1);
    assertThat(scene.writer.undurable()).isEqualTo(1);

    scene.safe.comeBack();
    scene.pause.elapse();

    assertThat(refreshing.assertCompleted().getItem()).isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.generation()).isEqualTo(2);
  }

  @Test
  @Requirement("G-2")
  void aHolderWhoseLeaseRanOutStoresItsTokenAndRepairsTheLedgerUnderANewLease() {
    scene.provider =
        () -> {
          scene.take();
          return Uni.createFrom().item(scene.granted("at-2", Optional.of("rt-2")));
        };

    scene.refresh();

    assertThat(scene.observed).contains("fenced");
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.generation()).isEqualTo(2);
  }

  @Test
  @Requirement("X-4")
  void aCallOfALostReplicaIsNoticedByWhoeverComesNext() {
    scene.provider = () -> Uni.createFrom().nothing();
    scene.begin(false).cancel();
    assertThat(scene.observed).doesNotContain("taken over");
    scene.take();
    scene.provider = () -> Uni.createFrom().item(scene.granted("at-2", Optional.of("rt-2")));

    scene.refresh();

    assertThat(scene.observed).containsOnlyOnce("taken over");
  }

  @Test
  @Requirement("G-1")
  void repairsTheLedgerFromTheSafeAfterACrashBetweenTheTwo() {
    scene.ledgerDown = true;
    UniAssertSubscriber<RefreshOutcome> crashed = scene.begin(false);
    crashed.cancel();
    assertThat(scene.storedAccessToken()).isEqualTo("at-2");
    assertThat(scene.generation()).isEqualTo(1);
    scene.ledgerDown = false;

    RefreshOutcome outcome = scene.refresh();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            RefreshOutcome.Refreshed.class, refreshed -> assertThat(refreshed.repaired()).isTrue());
    assertThat(scene.generation()).isEqualTo(2);
    assertThat(scene.requests).hasSize(1);
  }

  @Test
  @Requirement({"G-1", "G-5"})
  void anIntentThatTheSafeTookUnheardIsNoCall() {
    scene.safe.loseAnswers(1);
    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.SAFE_UNAVAILABLE));
    assertThat(scene.stored().pending()).isPresent();
    assertThat(scene.requests).isEmpty();

    scene.time.advance(Duration.ofMinutes(1));

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(scene.requests).hasSize(1);
  }

  @Test
  @Requirement("G-5")
  void anIntentThatCouldNotBeTakenBackIsNoCallEither() {
    scene.provider =
        () -> {
          scene.safe.goDown();
          return Uni.createFrom().item(new TokenReply.Unreachable(Obstacle.CONNECT));
        };
    scene.refresh();
    scene.safe.comeBack();
    assertThat(scene.stored().pending()).isPresent();
    scene.time.advance(Duration.ofMinutes(1));
    scene.replies(scene.granted("at-2", Optional.of("rt-2")));

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);
  }

  @Test
  @Requirement({"G-5", "X-4"})
  void anUnheardIntentDoesNotMakeAnEarlierUnknownOutcomeForgotten() {
    scene.replies(new TokenReply.Ambiguous(Doubt.CUT));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(14).plusSeconds(40));
    scene.safe.loseAnswers(1);
    scene.refresh();
    scene.time.advance(Duration.ofSeconds(10));

    scene.refresh();
    assertThat(scene.requests).hasSize(2);

    scene.time.advance(Duration.ofMinutes(2));
    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Refused(ConsentCause.OUTCOME_UNKNOWN));
    assertThat(scene.requests).hasSize(2);
  }

  @Test
  void aLostCredentialIsAnAilmentNotTheOwnersProblem() {
    scene.safe.destroy(SafePath.of("connections", "acme")).subscribe().with(done -> {});

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.CREDENTIAL_MISSING));

    assertThat(scene.health).isInstanceOf(Health.Ailing.class);
    assertThat(scene.requests).isEmpty();
  }
}
