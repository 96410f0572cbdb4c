package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.connection.KeeperScene.APP;
import static org.tokenbroker.connection.KeeperScene.ID;
import static org.tokenbroker.connection.KeeperScene.now;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.fixture.Requirement;

/** What becomes of grants that nobody wants any more, or that lack what they need. */
class GrantsNotKeptTest {
  private final KeeperScene scene = new KeeperScene();

  @Test
  @Requirement("G-13")
  void doesNotBringBackACredentialThatWasDestroyedMeanwhile() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.credentials.destroy(ID));

    assertThat(now(scene.keep(scene.first, "at", "rt"))).isEqualTo(Outcome.SUPERSEDED);

    assertThat(scene.safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void aGrantThatComesAfterARevocationIsRevokedAtTheProviderAndLeavesNothing() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.credentials.destroy(ID));
    scene.ledger.health = new Health.Revoked(scene.time.instant());

    assertThat(now(scene.keep(scene.first, "at", "rt"))).isEqualTo(Outcome.NOT_WANTED);

    assertThat(scene.safe.documents().keySet()).containsExactly(scene.outbox.path("acme.first"));
    assertThat(scene.outbox.registrations()).containsExactly(APP);
  }

  @Test
  @Requirement("G-13")
  void aGrantThatReachedTheSafeBeforeTheRevocationWasSeenLeavesNothingThereEither() {
    now(scene.keeper.prepare(ID, scene.first));
    scene.ledger.answer = new Ledger.LedgerWrite.Unknown();

    assertThat(now(scene.keep(scene.first, "at", "rt"))).isEqualTo(Outcome.NOT_WANTED);

    assertThat(scene.safe.documents().keySet()).containsExactly(scene.outbox.path("acme.first"));
  }

  @Test
  @Requirement({"G-13", "G-14"})
  void whatIsWithdrawnTakesNoLaterAgreementWithItThatAnnouncedItselfMeanwhile() {
    now(scene.keeper.prepare(ID, scene.first));
    scene.ledger.answer = new Ledger.LedgerWrite.Unknown();
    scene.safe.beforeNextDestroy(
        () -> {
          scene.ledger.answer = new Ledger.LedgerWrite.NotNow(scene.ledger.connection());
          scene.put(
              scene
                  .stored()
                  .awaiting(new Credential.Grant(scene.second.id(), scene.second.startedAt())));
        });

    assertThat(now(scene.keep(scene.first, "at-1", "rt-1"))).isEqualTo(Outcome.NOT_WANTED);

    assertThat(scene.stored().awaited().map(Credential.Grant::id)).contains(scene.second.id());
    assertThat(scene.stored().accessToken())
        .as("what was withdrawn is not left beside it")
        .isEmpty();
    assertThat(now(scene.keep(scene.second, "at-2", "rt-2"))).isEqualTo(Outcome.KEPT);
    assertThat(scene.stored().accessToken()).map(token -> token.value().reveal()).contains("at-2");
  }

  @Test
  @Requirement("G-13")
  void aGrantThatNobodyWantsIsHeldUntilTheOutboxTakesIt() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.credentials.destroy(ID));
    scene.ledger.health = new Health.Revoked(scene.time.instant());
    scene.safe.failWrites(1);

    scene.keep(scene.first, "at", "rt").subscribe().with(done -> {});
    assertThat(scene.outbox.ids()).isEmpty();
    assertThat(scene.writer.undurable()).isEqualTo(1);
    scene.pause.elapse();

    assertThat(scene.outbox.ids()).containsExactly("acme.first");
    assertThat(scene.writer.undurable()).isZero();
  }

  @Test
  void aGrantOfWhichANewerOneCameIsLeftToExpireForItsRevocationMightEndBoth() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keeper.prepare(ID, scene.second));
    now(scene.keep(scene.second, "at-2", "rt-2"));

    assertThat(now(scene.keep(scene.first, "at-1", "rt-1"))).isEqualTo(Outcome.SUPERSEDED);

    assertThat(scene.outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void ofTwoAgreementsAfterARevocationTheOlderIsNotRevokedThoughTheLedgerKnowsNeitherYet() {
    scene.ledger.health = new Health.Revoked(Instant.EPOCH);
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keeper.prepare(ID, scene.second));
    now(scene.keep(scene.second, "at-2", "rt-2"));
    scene.ledger.health = new Health.Revoked(Instant.EPOCH);

    assertThat(now(scene.keep(scene.first, "at-1", "rt-1"))).isEqualTo(Outcome.SUPERSEDED);

    assertThat(scene.outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement("G-13")
  void aGrantThatIsNotKeptIsNotRevokedWhereAnotherIsInTheSafeAndNotYetInTheLedger() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keep(scene.first, "at-1", "rt-1"));
    scene.ledger.health = new Health.Revoked(Instant.EPOCH);
    scene.profile = scene.profile.with("token", "{require_refresh_token: true}");

    assertThat(now(scene.keep(scene.second, "at-2", Optional.empty())))
        .isEqualTo(Outcome.NO_REFRESH_TOKEN);

    assertThat(scene.outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement("MO-5")
  void aGrantWithoutItsRefreshTokenIsRevokedUnlessTheConnectionHoldsAnother() {
    scene.profile = scene.profile.with("token", "{require_refresh_token: true}");
    now(scene.keeper.prepare(ID, scene.first));

    now(scene.keep(scene.first, "at", Optional.empty()));
    assertThat(scene.outbox.registrations()).containsExactly(APP);
    scene.ledger.health = new Health.Active(scene.time.instant());
    now(scene.keep(scene.second, "at", Optional.empty()));

    assertThat(scene.outbox.registrations()).hasSize(1);
  }

  @Test
  @Requirement("BE-18")
  void whatWasMovedInVainLivesOnWhereItIs() {
    now(scene.keeper.prepare(ID, scene.first));
    scene.ledger.answer = new Ledger.LedgerWrite.Unknown();

    assertThat(
            now(
                scene.keep(
                    scene.first, new Arrival.Moved(Optional.empty()), "at", Optional.of("rt"))))
        .isEqualTo(Outcome.NOT_WANTED);

    assertThat(scene.safe.documents()).isEmpty();
    assertThat(scene.outbox.registrations()).isEmpty();
  }

  @Test
  @Requirement({"G-13", "G-14"})
  void noCodeIsSpentForARevokedConnectionBeforeItIsErasedNorForAnAgreementOfBefore() {
    Instant revokedAt = scene.time.instant().plusSeconds(10);
    scene.ledger.refusing(new Health.Revoked(revokedAt, false));

    assertThat(now(scene.keeper.prepare(ID, scene.first))).isEqualTo(Readiness.NOT_WANTED);
    assertThat(now(scene.keeper.prepare(ID, scene.second))).isEqualTo(Readiness.UNAVAILABLE);

    assertThat(scene.safe.documents()).isEmpty();
  }

  @Test
  @Requirement("MO-5")
  void aGrantWithoutTheRequiredRefreshTokenIsReportedAndNotKept() {
    scene.profile = scene.profile.with("token", "{require_refresh_token: true}");
    now(scene.keeper.prepare(ID, scene.first));

    assertThat(now(scene.keep(scene.first, "at", Optional.empty())))
        .isEqualTo(Outcome.NO_REFRESH_TOKEN);

    assertThat(scene.stored().accessToken()).isEmpty();
    assertThat(scene.ledger.held).isEmpty();
  }

  @Test
  void aConnectionThatWasDeletedOrDisabledWantsNoGrant() {
    scene.ledger.answer = new Ledger.LedgerWrite.Unknown();

    assertThat(now(scene.keeper.prepare(ID, scene.first))).isEqualTo(Readiness.NOT_WANTED);
    assertThat(scene.safe.documents()).isEmpty();
  }
}
