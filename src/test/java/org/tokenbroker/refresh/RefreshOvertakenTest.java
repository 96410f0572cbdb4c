package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.Health;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.token.Secret;

/** What becomes of a refresh whose connection ended, or whose owner agreed anew, meanwhile. */
class RefreshOvertakenTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  @Requirement({"G-1", "G-14"})
  void aNewAgreementThatGoesOnWithTheRefreshTokenDoesNotLoseWhatACallInFlightGets() {
    scene.provider =
        () -> {
          Credential asked = scene.stored();
          scene.put(
              new Credential(
                  Optional.of(new Grant("grant-2", scene.time.instant())),
                  asked.accessToken(),
                  asked.refreshToken(),
                  asked.pending(),
                  Optional.empty()));
          return Uni.createFrom().item(scene.granted("at-2", Optional.of("rt-2")));
        };

    scene.refresh();

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.stored().grant()).map(Grant::id).contains("grant-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"revoked", "deleted"})
  @Requirement("G-13")
  void whatARefreshBringsForAConnectionThatEndedMeanwhileIsRevokedToo(String how) {
    RefreshScene scene = RefreshScene.due();
    scene.provider = () -> answeredWhileTheSafeIsDown(scene);
    UniAssertSubscriber<RefreshOutcome> refreshing = scene.begin(false);

    end(scene, how);
    scene.safe.failWrites(1);
    scene.ledgerDown = true;
    scene.pause.elapse();
    scene.ledgerDown = false;
    scene.pause.elapse();
    refreshing.assertNotTerminated();
    assertThat(scene.writer.undurable()).isEqualTo(1);
    scene.pause.elapse();

    refreshing.assertCompleted();
    assertThat(scene.writer.undurable()).isZero();
    assertThat(scene.outbox.ids()).hasSize(1);
    assertThat(scene.safe.documents().values())
        .singleElement()
        .extracting(copy -> copy.document().fields().values())
        .asInstanceOf(InstanceOfAssertFactories.COLLECTION)
        .containsExactlyInAnyOrder("at-2", "rt-2");
  }

  @Test
  @Requirement("G-14")
  void whatARefreshBringsForAGrantThatTheOwnerReplacedIsNotRevokedForThatMightEndBoth() {
    RefreshScene scene = RefreshScene.due();
    scene.provider = () -> answeredWhileTheSafeIsDown(scene);
    UniAssertSubscriber<RefreshOutcome> refreshing = scene.begin(false);

    end(scene, "replaced");
    scene.pause.elapse();

    refreshing.assertCompleted();
    assertThat(scene.outbox.ids()).isEmpty();
  }

  private static Uni<TokenReply> answeredWhileTheSafeIsDown(RefreshScene scene) {
    scene.safe.goDown();
    return Uni.createFrom().item(scene.granted("at-2", Optional.of("rt-2")));
  }

  /** Erased as soon as the safe is back, and before the answer gets there. */
  private static void end(RefreshScene scene, String how) {
    scene.epoch++;
    scene.safe.comeBack();
    RefreshScene.now(scene.credentials.destroy(RefreshScene.ID));
    switch (how) {
      case "revoked" -> scene.health = new Health.Revoked(scene.time.instant());
      case "deleted" -> scene.deleted = true;
      default -> scene.health = new Health.Active(scene.time.instant());
    }
  }

  @Test
  @Requirement({"G-13", "G-14"})
  void aRevokedConnectionIsNeitherRefreshedNorBroughtBackByWhatWasGrantedBefore() {
    scene.health = new Health.Revoked(RefreshScene.GRANT.startedAt());
    scene.held = Optional.empty();

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.NotDue.class);

    assertThat(scene.requests).isEmpty();
    assertThat(scene.health).isInstanceOf(Health.Revoked.class);
    assertThat(scene.held).isEmpty();
  }

  @Test
  @Requirement("G-14")
  void aRevokedConnectionWhoseOwnerAgreedAnewIsRepairedFromTheSafe() {
    scene.health = new Health.Revoked(RefreshScene.GRANT.startedAt().minusSeconds(1));
    scene.held = Optional.empty();

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.requests).isEmpty();
    assertThat(scene.health).isEqualTo(new Health.Active(scene.time.instant()));
  }

  @Test
  @Requirement("G-4")
  void theRefusalOfATokenThatSomebodyReplacedMeanwhileEndsNothing() {
    scene.provider =
        () -> {
          Credential current = scene.stored();
          scene.put(
              new Credential(
                  current.grant(),
                  current.accessToken(),
                  Optional.of(new Credential.RefreshToken(Secret.of("rt-9"), 2, Optional.empty())),
                  Optional.empty(),
                  Optional.empty()));
          return Uni.createFrom().item(new TokenReply.Rejected(Rejection.INVALID_GRANT));
        };

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Overtaken.class);

    assertThat(scene.health).isInstanceOf(Health.Active.class);
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-9");
  }

  @Test
  @Requirement("G-14")
  void anAnswerForAGrantThatTheOwnerReplacedIsNotStored() {
    scene.provider =
        () -> {
          Credential current = scene.stored();
          scene.put(
              new Credential(
                  Optional.of(new Grant("grant-2", scene.time.instant())),
                  current.accessToken(),
                  Optional.of(
                      new Credential.RefreshToken(Secret.of("rt-new-grant"), 2, Optional.empty())),
                  Optional.empty(),
                  Optional.empty()));
          return Uni.createFrom().item(scene.granted("at-2", Optional.of("rt-2")));
        };

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Overtaken.class);

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-new-grant");
  }

  @Test
  @Requirement("I6")
  void anAnswerWithoutAGrantDoesNotSettleAnotherAttemptsCall() {
    RefreshScene fresh = RefreshScene.clientCredentials();
    Credential.PendingCall others =
        new Credential.PendingCall("another attempt", 9, fresh.time.instant(), 0, 1);
    fresh.provider =
        () -> {
          fresh.put(Credential.EMPTY.withPending(others));
          return Uni.createFrom().item(fresh.granted("cc-late", Optional.empty()));
        };

    assertThat(fresh.refresh()).isInstanceOf(RefreshOutcome.Overtaken.class);

    assertThat(fresh.stored().pending()).contains(others);
    assertThat(fresh.storedAccessToken()).isEmpty();
  }
}
