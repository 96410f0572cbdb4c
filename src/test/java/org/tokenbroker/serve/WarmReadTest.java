package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.HOUR;
import static org.tokenbroker.serve.Given.ID;
import static org.tokenbroker.serve.Given.NOON;
import static org.tokenbroker.serve.Given.OTHER_TENANT;
import static org.tokenbroker.serve.Given.STRANGER;
import static org.tokenbroker.serve.Given.active;
import static org.tokenbroker.serve.Given.connection;
import static org.tokenbroker.serve.Given.needsConsent;
import static org.tokenbroker.serve.Given.token;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.serve.AccessRule.Selector;

/** What memory holds, when it is read anew, and what a reader gets meanwhile. */
class WarmReadTest {
  private static final Duration LONG = Duration.ofMinutes(50);

  @Test
  @Requirement("G-3")
  void aWarmReadAsksNoEngineAndNoProvider() {
    ServeScene scene = ServeScene.warm(token(1, LONG));

    IntStream.range(0, 1000)
        .forEach(read -> assertThat(generation(scene.beginToken().getItem())).isEqualTo(1));

    assertThat(scene.engineReads()).isZero();
    assertThat(scene.refreshes).isEmpty();
  }

  @Test
  void aHundredColdReadersCauseOneLoad() {
    ServeScene scene = ServeScene.with(token(1, LONG));
    List<UniEmitter<? super Void>> gate = new ArrayList<>();
    scene.ledgerDelay = () -> Uni.createFrom().emitter(gate::add);

    List<UniAssertSubscriber<Answer>> readers =
        IntStream.range(0, 100).mapToObj(reader -> scene.beginToken()).toList();
    gate.forEach(waiting -> waiting.complete(null));

    assertThat(readers).allSatisfy(reader -> assertThat(generation(reader.getItem())).isEqualTo(1));
    assertThat(scene.ledgerReads).isEqualTo(1);
    assertThat(scene.safeReads).isEqualTo(1);
  }

  @Test
  void aReaderThatLeavesDoesNotEndTheLoadForTheOthers() {
    ServeScene scene = ServeScene.with(token(1, LONG));
    List<UniEmitter<? super Void>> gate = new ArrayList<>();
    scene.ledgerDelay = () -> Uni.createFrom().emitter(gate::add);
    UniAssertSubscriber<Answer> leaving = scene.beginToken();
    UniAssertSubscriber<Answer> staying = scene.beginToken();

    leaving.cancel();
    gate.forEach(waiting -> waiting.complete(null));

    assertThat(generation(staying.getItem())).isEqualTo(1);
  }

  @Test
  void whileANewTokenIsLoadedReadersGetTheOldOne() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    List<UniEmitter<? super Void>> gate = new ArrayList<>();
    scene.safeDelay = () -> Uni.createFrom().emitter(gate::add);

    scene.refreshed(token(2, HOUR));
    assertThat(generation(scene.token())).isEqualTo(1);
    gate.forEach(waiting -> waiting.complete(null));

    assertThat(generation(scene.token())).isEqualTo(2);
  }

  @Test
  void aChangeDuringALoadIsLoadedAfterIt() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    List<UniEmitter<? super Void>> gate = new ArrayList<>();
    scene.safeDelay = () -> Uni.createFrom().emitter(gate::add);
    scene.refreshed(token(2, HOUR));

    scene.refreshed(token(3, HOUR));
    gate.removeFirst().complete(null);
    gate.forEach(waiting -> waiting.complete(null));

    assertThat(generation(scene.token())).isEqualTo(3);
  }

  @Test
  void aChangeThatTellsNothingNewDoesNotAskTheSafe() {
    ServeScene scene = ServeScene.warm(token(1, LONG));

    scene.change(active());

    assertThat(scene.ledgerReads).isEqualTo(1);
    assertThat(scene.safeReads).isZero();
  }

  @Test
  @Requirement("I4")
  void theGenerationNeverGoesBack() {
    ServeScene scene = ServeScene.warm(token(5, LONG));

    scene.refreshed(token(4, HOUR));

    assertThat(generation(scene.token())).isEqualTo(5);
  }

  static List<Health> withdrawals() {
    return List.of(new Health.Disabled(active(), NOON), new Health.Unclaimed(NOON));
  }

  @ParameterizedTest
  @MethodSource("withdrawals")
  void whatTheLedgerWithdrawsIsGoneThoughTheSafeDoesNotAnswer(Health health) {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.safeDown();

    scene.change(health);

    assertThat(scene.token()).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NOT_SERVED));
    assertThat(scene.safeReads).isZero();
  }

  @Test
  @Requirement("G-13")
  void whatIsRevokedIsServedNoMoreThoughTheSafeDoesNotAnswer() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.safeDown();

    scene.change(new Health.Revoked(NOON, false));

    assertThat(scene.token()).isEqualTo(new Answer.ConsentRequired());
    assertThat(scene.safeReads).isZero();
  }

  @Test
  void aDeletedConnectionIsGone() {
    ServeScene scene = ServeScene.warm(token(1, LONG));

    scene.ledger = new LedgerRead.Unknown();
    scene.tokens.changed(ID);

    assertThat(scene.token()).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NO_CONNECTION));
  }

  @Test
  @Requirement({"MO-14", "I6"})
  void aConnectionCreatedAnewUnderTheSameIdInheritsNoToken() {
    ServeScene scene = ServeScene.warm(token(9, LONG));
    scene.ledger = new LedgerRead.Found(connection(OTHER_TENANT, active(), NOON));
    scene.safeDown();

    scene.tokens.changed(ID);

    assertThat(scene.token()).isInstanceOf(Answer.NothingFresh.class);
  }

  @Test
  @Requirement("G-3")
  void aTokenThatTheOwnerWithdrewIsServedWhileItLives() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.change(needsConsent());

    assertThat(generation(scene.token())).isEqualTo(1);
    scene.time.advance(LONG.minusSeconds(59));

    assertThat(scene.token()).isEqualTo(new Answer.ConsentRequired());
  }

  @Test
  @Requirement("G-15")
  void whileTheSafeIsSilentReadersGetWhatMemoryHoldsAndAreTold() {
    ServeScene scene = ServeScene.warm(token(1, LONG));

    scene.refreshedBehindASilentSafe(token(2, HOUR));

    assertThat(((Answer.Token) scene.token()).degraded()).contains(Engine.SAFE);
    assertThat(generation(scene.token())).isEqualTo(1);
  }

  @Test
  @Requirement("G-15")
  void whileTheLedgerIsSilentReadersGetWhatMemoryHoldsUntilItEnds() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.ledgerDown();
    scene.tokens.changed(ID);

    assertThat(((Answer.Token) scene.token()).degraded()).contains(Engine.LEDGER);
    scene.time.advance(LONG.minusSeconds(59));

    assertThat(scene.token()).isInstanceOf(Answer.NothingFresh.class);
  }

  @Test
  @Requirement("G-15")
  void aSilentEngineIsAskedAgainOnceASecondAndThenAllIsWell() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.refreshedBehindASilentSafe(token(2, HOUR));
    scene.forgetCounts();

    IntStream.range(0, 50).forEach(read -> assertThat(generation(scene.token())).isEqualTo(1));
    assertThat(scene.engineReads()).isZero();
    scene.time.advance(Duration.ofSeconds(1));
    scene.keep(((LedgerRead.Found) scene.ledger).connection(), token(2, HOUR));
    scene.token();

    assertThat(((Answer.Token) scene.token()).degraded()).isEmpty();
    assertThat(generation(scene.token())).isEqualTo(2);
  }

  @Test
  @Requirement("G-15")
  void formerRulesHoldWhilePostgresqlIsSilent() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.rules = new AccessRuleStore.AllRead.Unavailable();

    scene.book.changed();

    assertThat(((Answer.Token) scene.token()).degraded()).contains(Engine.LEDGER);
    assertThat(scene.token(STRANGER)).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NO_RULE));
  }

  @Test
  @Requirement("G-11")
  void beforeTheRulesAreReadNobodyIsAllowedAnything() {
    ServeScene scene = ServeScene.with(token(1, LONG));
    scene.rules = new AccessRuleStore.AllRead.Unavailable();

    assertThat(scene.token())
        .isEqualTo(
            new Answer.NothingFresh(
                Duration.ofSeconds(1), Answer.NothingFresh.Cause.LEDGER_UNAVAILABLE));
  }

  @Test
  @Requirement("G-11")
  void aRuleTakenAwayIsTakenAwayAtOnce() {
    ServeScene scene = ServeScene.warm(token(1, LONG));
    scene.rules =
        new AccessRuleStore.AllRead.Found(
            List.of(Given.rule(STRANGER, new Selector.OneConnection(ID))));

    scene.book.changed();

    assertThat(scene.token()).isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NO_RULE));
    assertThat(generation(scene.token(STRANGER))).isEqualTo(1);
  }

  @Test
  void whatDoesNotExistIsLookedUpOnceASecondAtMost() {
    ServeScene scene = new ServeScene();

    IntStream.range(0, 20).forEach(read -> scene.token());
    assertThat(scene.ledgerReads).isEqualTo(1);
    scene.time.advance(Duration.ofSeconds(1));
    scene.token();

    assertThat(scene.ledgerReads).isEqualTo(2);
  }

  @Test
  void aLookupIsWarmTooAndChecksWhatItFinds() {
    ServeScene scene = ServeScene.with(token(1, LONG));
    Target lookup = new Target.AtProvider(Given.ACME, "crm");
    assertThat(generation(scene.token(lookup))).isEqualTo(1);
    scene.forgetCounts();

    assertThat(generation(scene.token(lookup))).isEqualTo(1);
    assertThat(scene.engineReads()).isZero();
    scene.keep(connection(OTHER_TENANT, active(), NOON), token(1, HOUR));
    scene.tokens.changed(ID);

    assertThat(scene.token(lookup))
        .isEqualTo(new Answer.Unknown(Answer.Unknown.Reason.NO_CONNECTION));
  }

  private static long generation(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Token.class);
    return ((Answer.Token) answer).servable().generation().value();
  }
}
