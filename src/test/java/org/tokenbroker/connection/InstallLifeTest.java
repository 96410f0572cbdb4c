package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.connection.InstallScene.ACME;
import static org.tokenbroker.connection.InstallScene.BACK;
import static org.tokenbroker.connection.InstallScene.OTHER;
import static org.tokenbroker.connection.InstallScene.PROFILE;
import static org.tokenbroker.connection.InstallScene.learned;
import static org.tokenbroker.fixture.Waited.value;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Ledger.LedgerWrite;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.InstallKeeper.Claim;
import org.tokenbroker.consent.Landing;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.token.ConnectionId;

/** Installs from their grant to their tenant. */
class InstallLifeTest {
  private final InstallScene scene = new InstallScene();

  @AfterAll
  static void close() {
    InstallScene.close();
  }

  @Test
  @Requirement({"BE-4", "BE-9"})
  void anInstallIsUnclaimedOnceItsFactsAreKnown() {
    scene.tells("at-1", learned("sub-1"));

    ConnectionId id = scene.installed("at-1");
    Landing landing = value(scene.finder.land(id));

    assertThat(landing).isEqualTo(new Landing.Known(id, Optional.of(BACK)));
    assertThat(scene.found(id).health()).isInstanceOf(Health.Unclaimed.class);
    assertThat(scene.found(id).tenant()).isEmpty();
    assertThat(scene.found(id).facts())
        .containsEntry("subscription_id", "sub-1")
        .containsEntry("shop", "4711");
    assertThat(scene.asked).containsExactly("at-1");
  }

  @Test
  @Requirement("BE-9")
  void factsThatFailAreAskedForAgainWithTheStoredTokenUntilTheyAreKnown() {
    scene.tells("at-1", new PostConnectReply.Unavailable(Hindrance.STATUS));
    ConnectionId id = scene.installed("at-1");

    assertThat(value(scene.finder.land(id))).isEqualTo(new Landing.Waiting(id));
    assertThat(scene.found(id).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.PROVIDER_UNREACHABLE));
    value(scene.finder.lookUpDue());
    assertThat(scene.asked).as("not before its time").hasSize(1);

    scene.tells("at-1", learned("sub-1"));
    scene.time.advance(Duration.ofSeconds(10));
    value(scene.finder.lookUpDue());

    assertThat(scene.found(id).health()).isInstanceOf(Health.Unclaimed.class);
    assertThat(scene.asked).containsExactly("at-1", "at-1");
  }

  @Test
  @Requirement("BE-9")
  void whatWaitsSaysWhy() {
    Map<PostConnectReply, Hurdle> hurdles =
        Map.of(
            new PostConnectReply.Lacking(Set.of("subscription_id")), Hurdle.FACTS_MISSING,
            new PostConnectReply.Refused(), Hurdle.REFUSED,
            new PostConnectReply.Throttled(Duration.ofSeconds(30)), Hurdle.THROTTLED,
            new PostConnectReply.Unavailable(Hindrance.UNREADABLE), Hurdle.UNREADABLE);
    hurdles.forEach(
        (reply, hurdle) -> {
          scene.tells("at", reply);
          ConnectionId id = scene.installed("at");
          value(scene.finder.land(id));
          assertThat(scene.found(id).health())
              .isInstanceOfSatisfying(
                  Health.Connecting.class,
                  waiting -> assertThat(waiting.hurdle()).isEqualTo(hurdle));
        });
  }

  @Test
  @Requirement("BE-9")
  void aConsentOfAProfileWithFactsIsActiveOnceTheyAreKnown() {
    ConnectionId id = scene.ordered(ACME);
    scene.agrees(id, "at-1");
    assertThat(scene.found(id).health()).isInstanceOf(Health.Connecting.class);

    scene.tells("at-1", learned("sub-1"));
    value(scene.finder.land(id));

    assertThat(scene.found(id).health()).isInstanceOf(Health.Active.class);
    assertThat(scene.found(id).publicMetadata())
        .containsEntry("subscription_id", "sub-1")
        .containsEntry("plan", "gold");
  }

  @Test
  @Requirement("X-1")
  void anOperatorsOwnWordStandsOverTheProviders() {
    ConnectionId id = scene.ordered(ACME);
    scene.agrees(id, "at-1");
    scene.tells("at-1", learned("sub-1", Map.of("plan", "silver")));
    value(scene.finder.land(id));

    assertThat(scene.found(id).facts()).containsEntry("plan", "silver");
    assertThat(scene.found(id).metadata()).containsEntry("plan", "gold");
    assertThat(scene.found(id).publicMetadata()).containsEntry("plan", "gold");
  }

  @Test
  @Requirement("BE-4")
  void anOperatorClaimsOnceAndForOneTenant() {
    ConnectionId id = scene.unclaimed("at-1", "sub-1");

    assertThat(value(scene.ledger.claim(id, ACME, false, scene.time.instant())))
        .isInstanceOf(LedgerWrite.Done.class);
    assertThat(scene.found(id).belongsTo(ACME)).isTrue();
    assertThat(scene.found(id).health()).isInstanceOf(Health.Active.class);
    assertThat(value(scene.ledger.claim(id, OTHER, false, scene.time.instant())))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(value(scene.installs.claim(id, ACME))).isEqualTo(Claim.CLAIMED);
    assertThat(value(scene.installs.claim(id, OTHER))).isEqualTo(Claim.ANOTHERS);
    assertThat(scene.found(id).belongsTo(ACME)).isTrue();
  }

  @Test
  @Requirement("BE-9")
  void whatWaitsForFactsIsNotClaimedByAnOperatorAndPromisedByALink() {
    scene.tells("at-1", new PostConnectReply.Unavailable(Hindrance.NO_ANSWER));
    ConnectionId id = scene.installed("at-1");
    value(scene.finder.land(id));

    assertThat(value(scene.ledger.claim(id, OTHER, false, scene.time.instant())))
        .isInstanceOf(LedgerWrite.NotNow.class);
    assertThat(value(scene.installs.claim(id, ACME))).isEqualTo(Claim.CLAIMED);
    assertThat(value(scene.installs.claim(id, OTHER))).isEqualTo(Claim.GONE);
    assertThat(scene.found(id).tenant()).isEmpty();

    scene.tells("at-1", learned("sub-1"));
    scene.time.advance(Duration.ofSeconds(10));
    value(scene.finder.lookUpDue());

    assertThat(scene.found(id).belongsTo(ACME)).isTrue();
    assertThat(scene.found(id).health()).isInstanceOf(Health.Active.class);
  }

  @Test
  @Requirement("BE-4")
  void aClaimThatComesBeforeTheGrantIsStoredIsKeptWhereNothingIsLookedUp() {
    ConnectionId id = scene.begun();
    assertThat(value(scene.installs.claim(id, ACME))).isEqualTo(Claim.CLAIMED);

    scene.agrees(id, "at-1", scene.time.instant(), ProfileFixture.anywhere().profile());

    assertThat(scene.found(id).belongsTo(ACME)).isTrue();
    assertThat(scene.found(id).health()).isInstanceOf(Health.Active.class);
  }

  @Test
  @Requirement({"BE-18", "G-14"})
  void aSecondInstallOfTheAccountRenewsItsConnectionInPlace() {
    ConnectionId first = scene.unclaimed("at-1", "sub-1");
    value(scene.installs.claim(first, ACME));
    long generation = scene.generation(first);
    scene.time.advance(Duration.ofMinutes(1));
    scene.tells("at-2", learned("sub-1", Map.of("administration_ids", "1,2,3")));

    ConnectionId second = scene.installed("at-2");
    Landing landing = value(scene.finder.land(second));

    assertThat(landing).isEqualTo(new Landing.Known(first, Optional.of(BACK)));
    assertThat(scene.found(first).belongsTo(ACME)).isTrue();
    assertThat(scene.found(first).health()).isInstanceOf(Health.Active.class);
    assertThat(scene.found(first).facts()).containsEntry("administration_ids", "1,2,3");
    assertThat(scene.generation(first)).isGreaterThan(generation);
    assertThat(scene.accessToken(first)).isEqualTo("at-2");
    assertThat(value(scene.ledger.find(second))).isInstanceOf(LedgerRead.Unknown.class);
    assertThat(scene.accessToken(second)).isEmpty();
    assertThat(InstallScene.POSTGRES.column("SELECT id FROM revocation"))
        .as("what was moved lives on")
        .isEmpty();
    assertThat(value(scene.installs.claim(second, ACME)))
        .as("the install stands for the connection it renewed")
        .isEqualTo(Claim.CLAIMED);
    assertThat(value(scene.installs.claim(second, OTHER))).isEqualTo(Claim.ANOTHERS);
  }

  @Test
  @Requirement({"BE-18", "G-14"})
  void anOlderInstallThatComesLateNeverReplacesANewerOne() {
    ConnectionId older = scene.begun();
    scene.time.advance(Duration.ofMinutes(1));
    ConnectionId newer = scene.unclaimed("at-new", "sub-1");
    scene.tells("at-old", learned("sub-1"));
    scene.agrees(older, "at-old", scene.time.instant().minus(Duration.ofMinutes(1)));

    Landing landing = value(scene.finder.land(older));

    assertThat(landing.connection()).isEqualTo(newer);
    assertThat(scene.accessToken(newer)).isEqualTo("at-new");
    assertThat(value(scene.ledger.find(older))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  @Requirement("BE-18")
  void anInstallMendsWhatNeedsConsent() {
    ConnectionId first = scene.unclaimed("at-1", "sub-1");
    value(scene.installs.claim(first, ACME));
    InstallScene.POSTGRES.execute(
        "UPDATE connection SET state = 'needs_consent', cause = 'REFUSED_BY_PROVIDER' WHERE id = '"
            + first
            + "'");
    scene.time.advance(Duration.ofMinutes(1));
    scene.tells("at-2", learned("sub-1"));

    value(scene.finder.land(scene.installed("at-2")));

    assertThat(scene.found(first).health()).isInstanceOf(Health.Active.class);
    assertThat(scene.found(first).belongsTo(ACME)).isTrue();
  }

  @Test
  @Requirement({"BE-18", "G-14"})
  void anInstallThatBeganLaterMendsWhatWasRevokedAndOneThatBeganBeforeDoesNot() {
    ConnectionId first = scene.unclaimed("at-1", "sub-1");
    value(scene.installs.claim(first, ACME));
    scene.tells("at-early", learned("sub-1"));
    scene.tells("at-late", learned("sub-1"));
    ConnectionId early = scene.installed("at-early");
    scene.time.advance(Duration.ofMinutes(1));
    value(scene.ledger.revoke(first, scene.time.instant()));
    value(scene.disconnection.erase(first));

    value(scene.finder.land(early));
    assertThat(scene.found(first).health()).isInstanceOf(Health.Revoked.class);
    assertThat(scene.found(early).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.ACCOUNT_ELSEWHERE));
    scene.time.advance(Duration.ofMinutes(1));
    value(scene.finder.land(scene.installed("at-late")));

    assertThat(scene.found(first).health()).isInstanceOf(Health.Active.class);
    assertThat(scene.found(first).belongsTo(ACME)).isTrue();
    assertThat(scene.accessToken(first)).isEqualTo("at-late");
    InstallScene.POSTGRES.execute("DELETE FROM revocation");
  }

  @Test
  @Requirement("BE-18")
  void aMoveThatACrashCutOffIsTakenUpAndSpendsNothingTwice() {
    ConnectionId first = scene.unclaimed("at-1", "sub-1");
    scene.time.advance(Duration.ofMinutes(1));
    scene.tells("at-2", learned("sub-1"));
    ConnectionId second = scene.installed("at-2");
    InstallScene.POSTGRES.execute(
        "UPDATE connection SET moved_to = '%s', due_at = NULL WHERE id = '%s'"
            .formatted(first, second));

    value(scene.finder.lookUpDue());

    assertThat(scene.accessToken(first)).isEqualTo("at-2");
    assertThat(value(scene.ledger.find(second))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  @Requirement({"BE-4", "BE-18"})
  void aClaimThatComesWhileTheGrantMovesIsNotLost() {
    ConnectionId first = scene.unclaimed("at-1", "sub-1");
    scene.time.advance(Duration.ofMinutes(1));
    scene.tells("at-2", learned("sub-1"));
    ConnectionId second = scene.installed("at-2");
    scene.meanwhile =
        scene
            .installs
            .claim(second, ACME)
            .invoke(claim -> assertThat(claim).isEqualTo(Claim.CLAIMED));

    value(scene.finder.land(second));
    InstallScene.POSTGRES.execute("UPDATE connection SET lease_until = NULL");
    value(scene.finder.land(second));

    assertThat(scene.found(first).belongsTo(ACME)).isTrue();
    assertThat(scene.accessToken(first)).isEqualTo("at-2");
    assertThat(value(scene.ledger.find(second))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  @Requirement("BE-18")
  void anInstallOfAnAccountWhoseConnectionIsDisabledWaitsVisibly() {
    ConnectionId first = scene.unclaimed("at-1", "sub-1");
    value(scene.ledger.disable(first, scene.time.instant()));
    scene.time.advance(Duration.ofMinutes(1));
    scene.tells("at-2", learned("sub-1"));

    ConnectionId second = scene.installed("at-2");
    value(scene.finder.land(second));

    assertThat(scene.found(second).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.ACCOUNT_ELSEWHERE));
    assertThat(scene.found(second).dueAt()).as("its grant is kept fresh").isPresent();
    assertThat(scene.accessToken(first)).isEqualTo("at-1");
  }

  @Test
  @Requirement("BE-8")
  void anAccountHasOneConnectionAndATenantMayHaveSeveral() {
    ConnectionId one = scene.unclaimed("at-1", "sub-1");
    ConnectionId two = scene.unclaimed("at-2", "sub-2");
    value(scene.installs.claim(one, ACME));
    value(scene.installs.claim(two, ACME));
    ConnectionId made = scene.ordered(OTHER);
    scene.agrees(made, "at-3");
    scene.tells("at-3", learned("sub-1"));

    value(scene.finder.land(made));

    assertThat(scene.owned(ACME)).containsExactlyInAnyOrder(one, two);
    assertThat(scene.found(made).health())
        .isInstanceOfSatisfying(
            Health.Connecting.class,
            waiting -> assertThat(waiting.hurdle()).isEqualTo(Hurdle.ACCOUNT_ELSEWHERE));
  }

  @Test
  @Requirement({"BE-8", "X-2"})
  void aConnectionThatLeavesServiceForAnothersAccountIsToldOf() {
    ConnectionId other = scene.unclaimed("at-1", "sub-1");
    value(scene.installs.claim(other, ACME));
    ConnectionId made = scene.ordered(OTHER);
    scene.tells("at-2", learned("sub-2"));
    scene.agrees(made, "at-2");
    value(scene.finder.land(made));
    assertThat(scene.found(made).health()).isInstanceOf(Health.Active.class);
    scene.time.advance(Duration.ofMinutes(1));
    scene.tells("at-3", learned("sub-1"));
    scene.agreesAgain(made, "at-3");

    value(scene.finder.land(made));

    assertThat(
            InstallScene.POSTGRES.column(
                "SELECT kind || ' ' || COALESCE(cause, '') FROM event WHERE connection = '%s' ORDER BY written"
                    .formatted(made)))
        .containsExactly("connection.active ", "connection.pending_consent account_elsewhere");
  }

  @Test
  void anInstallThatCameToNothingLeavesNothing() {
    ConnectionId id = scene.begun();
    value(scene.keeper.prepare(id, new GrantId("grant-" + id, scene.time.instant())));

    value(scene.installs.abandon(id));

    assertThat(InstallScene.POSTGRES.column("SELECT id FROM connection WHERE id = '" + id + "'"))
        .isEmpty();
    assertThat(scene.safe.documents()).isEmpty();
  }

  @Test
  @Requirement({"BE-4", "G-1"})
  void anInstallWhoseGrantOnlyTheSafeKnowsIsTakenUpByTheSweepAndNotGivenUp() {
    ConnectionId id = scene.installed("at-1");
    InstallScene.unknownToTheLedger(id);
    scene.time.advance(Duration.ofHours(25));

    value(scene.installs.abandonOld());

    assertThat(scene.accessToken(id)).isEqualTo("at-1");
    assertThat(scene.found(id).dueAt())
        .as("the sweep looks at the safe")
        .contains(scene.time.instant());
    assertThat(InstallScene.POSTGRES.column("SELECT id FROM revocation")).isEmpty();
  }

  @Test
  @Requirement({"G-1", "G-13"})
  void aGrantThatArrivesWhileItsInstallIsGivenUpIsNeverDestroyedInUse() {
    ConnectionId inTime = scene.begun();
    ConnectionId tooLate = scene.begun();
    GrantId first = scene.announced(inTime);
    GrantId second = scene.announced(tooLate);

    scene.safe.afterNextRead(() -> scene.keep(inTime, "at-1", first, PROFILE, Outcome.KEPT));
    value(scene.installs.abandon(inTime));
    value(scene.installs.abandon(tooLate));
    scene.keep(tooLate, "at-2", second, PROFILE, Outcome.NOT_WANTED);

    assertThat(scene.accessToken(inTime)).isEqualTo("at-1");
    assertThat(scene.found(inTime).held()).isPresent();
    assertThat(scene.accessToken(tooLate)).isEmpty();
    assertThat(InstallScene.POSTGRES.column("SELECT id FROM revocation"))
        .containsExactly(tooLate + "." + second.id());
    InstallScene.POSTGRES.execute("DELETE FROM revocation");
  }

  @Test
  @Requirement("G-13")
  void anInstallThatIsGivenUpWhileTheSafeIsSilentIsLeftForLater() {
    ConnectionId id = scene.begun();
    scene.safe.goDown();

    value(scene.installs.abandon(id));

    assertThat(scene.found(id).health()).isInstanceOf(Health.PendingConsent.class);
    scene.safe.comeBack();
    value(scene.installs.abandon(id));
    assertThat(value(scene.ledger.find(id))).isInstanceOf(LedgerRead.Unknown.class);
  }

  @Test
  void whatALostReplicaBeganIsClearedAwayAfterADayAndNothingElseIs() {
    ConnectionId lost = scene.begun();
    ConnectionId kept = scene.unclaimed("at-1", "sub-1");
    scene.time.advance(Duration.ofHours(25));
    ConnectionId young = scene.begun();

    value(scene.installs.abandonOld());

    assertThat(value(scene.ledger.find(lost))).isInstanceOf(LedgerRead.Unknown.class);
    assertThat(value(scene.ledger.find(kept))).isInstanceOf(LedgerRead.Found.class);
    assertThat(value(scene.ledger.find(young))).isInstanceOf(LedgerRead.Found.class);
  }
}
