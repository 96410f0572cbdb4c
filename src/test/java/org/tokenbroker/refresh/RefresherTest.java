package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Term;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

class RefresherTest {
  private final RefreshScene scene = RefreshScene.due();

  @Test
  @Requirement("BE-4")
  void whatNobodyHasClaimedIsKeptFreshAndStaysUnclaimed() {
    scene.tenant = Optional.empty();
    scene.health = new Health.Unclaimed(scene.time.instant());

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.health).isInstanceOf(Health.Unclaimed.class);
  }

  @Test
  void whatNobodyHasClaimedCanBeMendedByItsOwnerOnly() {
    scene.tenant = Optional.empty();
    scene.health = new Health.Unclaimed(scene.time.instant());
    scene.replies(new TokenReply.Rejected(Rejection.INVALID_GRANT));

    scene.refresh();

    assertThat(scene.health).isInstanceOf(Health.NeedsConsent.class);
  }

  @Test
  @Requirement("BE-9")
  void whatWaitsForFactsIsKeptFreshAndGoesOnWaiting() {
    scene.looksUp = true;
    scene.health = new Health.Connecting(Hurdle.PROVIDER_UNREACHABLE, scene.time.instant());

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.health)
        .isEqualTo(new Health.Connecting(Hurdle.PROVIDER_UNREACHABLE, scene.time.instant()));
  }

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
  void aRefreshKnowsTheScopesAskedForThoseInForceAndTheRedirectUriOfItsGrant() {
    Credential held = scene.stored();
    AccessToken token = held.accessToken().orElseThrow();
    scene.put(
        new Credential(
            held.grant(),
            Optional.of(
                new AccessToken(
                    token.value(),
                    token.type(),
                    Scopes.of("read", "granted"),
                    token.lifetime(),
                    token.generation())),
            held.refreshToken(),
            held.pending(),
            held.awaited()));

    scene.refresh();

    assertThat(scene.requests)
        .containsExactly(
            new TokenRequest.RefreshToken(
                Secret.of("rt-1"),
                Scopes.of("read"),
                Scopes.of("read", "granted"),
                RefreshScene.GRANT.redirectUri()));
  }

  @Test
  @Requirement({"MO-8", "MO-10", "C5"})
  void presentsTheRefreshTokenAsSuchAndReplacesBothTokens() {
    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);

    assertThat(scene.requests)
        .singleElement()
        .isInstanceOfSatisfying(
            TokenRequest.RefreshToken.class,
            request -> assertThat(request.refreshToken().reveal()).isEqualTo("rt-1"));
    assertThat(scene.storedAccessToken()).isEqualTo("at-2");
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.generation()).isEqualTo(2);
    assertThat(scene.stored().pending()).isEmpty();
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
  void keepsTheOldRefreshTokenWhenTheAnswerHoldsNone() {
    scene.replies(scene.granted("at-2", Optional.empty()));

    scene.refresh();

    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
    assertThat(scene.stored().refreshTokenNumber()).isEqualTo(1);
  }

  @Test
  @Requirement("I4")
  void underTheIdOfADeletedConnectionGenerationsGoOnFromWhereTheyWere() {
    RefreshScene machine = RefreshScene.clientCredentials();
    machine.issuedBefore = new Generation(7);

    machine.refresh();

    assertThat(machine.stored().generation()).isEqualTo(new Generation(8));
    assertThat(machine.generation()).isEqualTo(8);
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
  void whereTheProfileSaysSoTheAccessTokenItselfIsExchangedWhileItLives() {
    scene.refreshWords = "mode: access_token";
    scene.put(withoutRefreshToken(scene.stored()));
    scene.replies(scene.granted("at-2", Optional.empty()));

    scene.refresh();

    assertThat(scene.requests)
        .singleElement()
        .isInstanceOfSatisfying(
            TokenRequest.RefreshToken.class,
            request -> assertThat(request.refreshToken().reveal()).isEqualTo("at-1"));
    assertThat(scene.storedAccessToken()).isEqualTo("at-2");

    scene.time.advance(Duration.ofHours(2));
    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.NO_REFRESH_TOKEN));
  }

  @Test
  @Requirement({"X-1", "X-5"})
  void publicFactsOfALaterAnswerReplaceTheEarlierOnes() {
    scene.replies(scene.grantedTelling("at-2", Map.of("api", "https://eu1", "shop", "7")));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(50));
    scene.replies(scene.grantedTelling("at-3", Map.of("api", "https://eu2")));

    scene.refresh();

    assertThat(scene.stored().facts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("api", "https://eu2", "shop", "7"));
  }

  @Test
  @Requirement("C6")
  void aRefreshThatGrantsLessThanWasAskedForFlagsTheConnection() {
    scene.replies(scene.grantedOnly("write"));

    scene.refresh();

    assertThat(scene.connection().missingScopes()).isEqualTo(Scopes.of("read"));
    assertThat(scene.stored().accessToken()).map(AccessToken::scopes).contains(Scopes.of("write"));
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
    scene.pause.elapse();

    refreshing.assertCompleted();
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
  @Requirement({"G-4", "MO-13", "C7"})
  void theRefusalOfTheNewestRefreshTokenNeedsTheOwnerAndIsNotRetried() {
    scene.replies(new TokenReply.Rejected(Rejection.INVALID_GRANT));

    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.REFUSED_BY_PROVIDER));

    assertThat(scene.health)
        .isEqualTo(new Health.NeedsConsent(ConsentCause.REFUSED_BY_PROVIDER, scene.time.instant()));
    assertThat(scene.dueAt).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
    assertThat(scene.observed).contains("reuse suspected");
    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.NotDue.class);
    assertThat(scene.requests).hasSize(1);
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
  @Requirement({"G-6", "IV-10", "C7"})
  void aRefusedClientIsTheRegistrationsFaultNotTheConnections() {
    scene.replies(new TokenReply.Rejected(Rejection.INVALID_CLIENT));

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Postponed.class);

    assertThat(scene.refusals).containsExactly(RegistrationFault.INVALID_CLIENT);
    assertThat(scene.health).isInstanceOf(Health.Active.class);
    assertThat(scene.stored().pending()).isEmpty();
  }

  @Test
  @Requirement("IV-10")
  void aClientThatCannotProveItselfIsTheRegistrationsFaultToo() {
    scene.replies(new TokenReply.Unreachable(Obstacle.CREDENTIAL_UNUSABLE));

    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Postponed(RefreshOutcome.Postponement.REGISTRATION_FAULTY));

    assertThat(scene.refusals).containsExactly(RegistrationFault.CREDENTIAL_UNUSABLE);
    assertThat(scene.health).isInstanceOf(Health.Active.class);
    assertThat(scene.stored().pending()).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
  }

  @Test
  @Requirement({"G-6", "MK-9"})
  void anUnclearRefusalEndsNothingTheFirstTimeAndPausesNobody() {
    scene.evidence = Siblings.Evidence.CLIENT_WORKS;
    scene.replies(new TokenReply.Rejected(Rejection.GRANT_OR_CLIENT));

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.REFUSED_UNCLEARLY));

    assertThat(scene.evidenceSince).as("what happened before proves nothing").isEmpty();
    assertThat(scene.refusals).isEmpty();
    assertThat(scene.stored().pending()).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
    assertThat(scene.dueAt.orElseThrow()).isAfter(scene.time.instant());
  }

  @Test
  @Requirement({"G-6", "MK-9", "MO-13"})
  void anUnclearRefusalIsTheGrantsOnceAnotherConnectionGotAToken() {
    Instant first = refusedUnclearly();
    scene.time.advance(Duration.ofMinutes(1));
    scene.evidence = Siblings.Evidence.CLIENT_WORKS;

    assertThat(scene.refresh())
        .isEqualTo(new RefreshOutcome.Refused(ConsentCause.REFUSED_BY_PROVIDER));

    assertThat(scene.evidenceSince).containsExactly(first);
    assertThat(scene.refusals).isEmpty();
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-1");
  }

  @Test
  @Requirement({"G-6", "IV-10"})
  void anUnclearRefusalIsTheRegistrationsFaultOnceNobodyGetsAToken() {
    refusedUnclearly();
    scene.time.advance(Duration.ofMinutes(1));
    scene.evidence = Siblings.Evidence.NOBODY_WORKS;

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Postponed.class);

    assertThat(scene.refusals).containsExactly(RegistrationFault.GRANT_OR_CLIENT);
    assertThat(scene.health).isInstanceOf(Health.Ailing.class);
    scene.time.advance(Duration.ofMinutes(10));
    scene.replies(scene.granted("at-2", Optional.of("rt-2")));
    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);
    assertThat(scene.health).isInstanceOf(Health.Active.class);
  }

  @Test
  @Requirement("G-6")
  void aRefusalStaysOpenUntilAnotherConnectionWasTried() {
    refusedUnclearly();
    scene.time.advance(Duration.ofDays(1));

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.REFUSED_UNCLEARLY));

    assertThat(scene.refusals).isEmpty();
  }

  @Test
  @Requirement("G-6")
  void anotherAilmentBeforeDoesNotMakeAnUnclearRefusalOlder() {
    scene.replies(new TokenReply.Unreachable(Obstacle.CONNECT));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(2));
    Instant first = refusedUnclearly();
    scene.time.advance(Duration.ofMinutes(2));

    scene.refresh();

    assertThat(scene.evidenceSince).containsExactly(first);
  }

  @Test
  @Requirement({"G-6", "C7"})
  void othersProbeBeforeOneWhoseOwnGrantMayBeOver() {
    refusedUnclearly();
    Instant probeAt = scene.time.instant().plusSeconds(300);
    scene.registration =
        new RegistrationHealth.Faulty(
            RegistrationFault.GRANT_OR_CLIENT, scene.time.instant(), probeAt);
    scene.time.advance(Duration.ofSeconds(301));

    scene.refresh();

    assertThat(scene.requests).hasSize(1);
    assertThat(scene.dueAt.orElseThrow()).isAfter(probeAt.plus(RefreshPolicy.OTHERS_FIRST));
    scene.time.advance(RefreshPolicy.OTHERS_FIRST.plusMinutes(1));
    scene.refresh();
    assertThat(scene.requests).hasSize(2);
    assertThat(scene.refusals).containsExactly(RegistrationFault.GRANT_OR_CLIENT);
  }

  /** When it was. */
  private Instant refusedUnclearly() {
    scene.replies(new TokenReply.Rejected(Rejection.GRANT_OR_CLIENT));
    scene.refresh();
    return scene.time.instant();
  }

  @Test
  @Requirement("C7")
  void aFaultyRegistrationIsAskedNothingBeforeItsProbeTime() {
    Instant probeAt = scene.time.instant().plusSeconds(300);
    scene.registration =
        new RegistrationHealth.Faulty(
            RegistrationFault.INVALID_CLIENT, scene.time.instant(), probeAt);

    scene.refresh();
    assertThat(scene.requests).isEmpty();
    assertThat(scene.dueAt.orElseThrow()).isAfter(probeAt);

    scene.time.advance(Duration.ofSeconds(301));
    scene.refresh();
    assertThat(scene.requests).hasSize(1);
  }

  @Test
  @Requirement("C7")
  void aFaultyRegistrationIsProbedByOneConnectionAtATime() {
    RefreshScene machine = RefreshScene.clientCredentials();
    Instant past = machine.time.instant().minusSeconds(1);
    machine.registration =
        new RegistrationHealth.Faulty(RegistrationFault.INVALID_CLIENT, past, past);
    machine.provider = () -> Uni.createFrom().nothing();
    machine.begin(false).assertNotTerminated();

    assertThat(machine.refresh()).isInstanceOf(RefreshOutcome.NotDue.class);
    assertThat(machine.requests).hasSize(1);

    machine.time.advance(Duration.ofSeconds(25));
    machine.begin(false).assertNotTerminated();
    assertThat(machine.requests).hasSize(2);
  }

  @Test
  void backsOffWhileTheProviderIsUnreachableAndRecoversByItself() {
    scene.replies(new TokenReply.Unreachable(Obstacle.CONNECT));
    scene.refresh();
    assertThat(scene.health)
        .isInstanceOfSatisfying(
            Health.Ailing.class,
            ailing -> {
              assertThat(ailing.ailment()).isEqualTo(Ailment.PROVIDER_UNREACHABLE);
              assertThat(ailing.failures()).isEqualTo(1);
            });
    assertThat(scene.stored().pending()).isEmpty();
    assertThat(scene.dueAt.orElseThrow()).isAfter(scene.time.instant());

    scene.time.advance(Duration.ofSeconds(5));
    scene.replies(scene.granted("at-2", Optional.of("rt-2")));
    scene.refresh();

    assertThat(scene.health).isInstanceOf(Health.Active.class);
  }

  @Test
  void waitsAsLongAsTheProviderAsks() {
    scene.replies(new TokenReply.Throttled(Duration.ofSeconds(120)));

    scene.refresh();

    assertThat(scene.dueAt.orElseThrow()).isAfter(scene.time.instant().plusSeconds(120));
    assertThat(scene.stored().pending()).isEmpty();
  }

  @Test
  @Requirement({"G-5", "X-4"})
  void aPerhapsSpentTokenIsNotPresentedAgainWhileTheOldAccessTokenLives() {
    scene.replies(new TokenReply.Ambiguous(Doubt.TIMEOUT));
    scene.refresh();
    assertThat(scene.stored().pending()).isPresent();

    scene.time.advance(Duration.ofMinutes(2));
    scene.refresh();

    assertThat(scene.requests).hasSize(1);
    assertThat(scene.dueAt.orElseThrow())
        .isAfterOrEqualTo(
            scene
                .stored()
                .accessToken()
                .orElseThrow()
                .lifetime()
                .expiresAt()
                .minus(RefreshPolicy.LAST_CHANCE));
  }

  @Test
  @Requirement({"G-5", "X-4"})
  void aPerhapsSpentTokenIsPresentedOnceMoreNearTheEndAndThenNeverAgain() {
    scene.replies(new TokenReply.Ambiguous(Doubt.CUT));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(14).plusSeconds(40));

    scene.refresh();
    assertThat(scene.requests).hasSize(2);

    scene.time.advance(Duration.ofMinutes(2));
    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Refused(ConsentCause.OUTCOME_UNKNOWN));
    assertThat(scene.requests).hasSize(2);
  }

  @Test
  @Requirement("G-5")
  void withinTheGraceWindowAPerhapsSpentTokenIsPresentedAgain() {
    scene.rotation = new Rotation.Grace(Duration.ofMinutes(5));
    scene.replies(new TokenReply.Ambiguous(Doubt.SERVER_ERROR));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(1));
    scene.replies(scene.granted("at-2", Optional.of("rt-2")));

    assertThat(scene.refresh()).isInstanceOf(RefreshOutcome.Refreshed.class);
  }

  @Test
  @Requirement("G-5")
  void whereTokensAreNotRotatedAnUnknownOutcomeIsRetriedFreely() {
    scene.rotation = new Rotation.None();
    scene.replies(new TokenReply.Ambiguous(Doubt.TIMEOUT));
    for (int i = 1; i <= 4; i++) {
      scene.refresh();
      assertThat(scene.requests).hasSize(i);
      scene.time.advance(Duration.ofSeconds(61));
    }
  }

  @Test
  @Requirement("X-4")
  void aCallThatNeverArrivedDoesNotMakeAnEarlierUnknownOutcomeForgotten() {
    scene.replies(new TokenReply.Ambiguous(Doubt.CUT));
    scene.refresh();
    scene.time.advance(Duration.ofMinutes(14).plusSeconds(40));
    scene.replies(new TokenReply.Unreachable(Obstacle.CONNECT));

    scene.refresh();

    assertThat(scene.stored().pending())
        .hasValueSatisfying(call -> assertThat(call.presentations()).isEqualTo(1));
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
  void aTokenWithoutLifeDoesNotReplaceOneThatLivesButItsRefreshTokenIsKept() {
    scene.replies(scene.granted("at-dead", Optional.of("rt-2"), Duration.ZERO));

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.SHORT_LIVED_ANSWER));

    assertThat(scene.storedAccessToken()).isEqualTo("at-1");
    assertThat(scene.storedRefreshToken()).isEqualTo("rt-2");
    assertThat(scene.generation()).isEqualTo(1);
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
  @Requirement("IV-3")
  void clientCredentialsAreAskedForAnewFromNothing() {
    RefreshScene fresh = RefreshScene.clientCredentials();

    fresh.refresh();
    fresh.time.advance(Duration.ofMinutes(45));
    fresh.replies(fresh.granted("cc-2", Optional.empty()));
    fresh.refresh();

    assertThat(fresh.requests)
        .hasSize(2)
        .allMatch(TokenRequest.ClientCredentials.class::isInstance);
    assertThat(fresh.storedAccessToken()).isEqualTo("cc-2");
    assertThat(fresh.generation()).isEqualTo(2);
  }

  @Test
  void aLostCredentialIsAnAilmentNotTheOwnersProblem() {
    scene.safe.destroy(SafePath.of("connections", "acme")).subscribe().with(done -> {});

    assertThat(scene.refresh()).isEqualTo(new RefreshOutcome.Failed(Ailment.CREDENTIAL_MISSING));

    assertThat(scene.health).isInstanceOf(Health.Ailing.class);
    assertThat(scene.requests).isEmpty();
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
