package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.connection.KeeperScene.ID;
import static org.tokenbroker.connection.KeeperScene.now;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.consent.GrantKeeper.Arrival;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Secret;

/** What becomes of grants that are kept. */
class KeeperTest {
  private final KeeperScene scene = new KeeperScene();

  @Test
  @Requirement({"MO-15", "G-14"})
  void keepsAGrantAndMakesTheConnectionActive() {
    assertThat(now(scene.keeper.prepare(ID, scene.first))).isEqualTo(Readiness.READY);

    assertThat(now(scene.keep(scene.first, "at", "rt"))).isEqualTo(Outcome.KEPT);

    assertThat(scene.stored().accessToken())
        .hasValueSatisfying(token -> assertThat(token.value().reveal()).isEqualTo("at"));
    assertThat(scene.stored().awaited()).isEmpty();
    assertThat(scene.ledger.held).map(Held::generation).contains(new Generation(1));
  }

  @Test
  void theRedirectUriOfAGrantIsKeptWithIt() {
    Optional<URI> redirectUri = Optional.of(URI.create("https://broker.example/callback/b"));
    GrantId grant = new GrantId("third", scene.time.instant().plusSeconds(60), redirectUri);
    now(scene.keeper.prepare(ID, grant));

    now(scene.keep(grant, "at", "rt"));

    assertThat(scene.stored().grant().flatMap(Credential.Grant::redirectUri))
        .isEqualTo(redirectUri);
  }

  @Test
  @Requirement("G-1")
  void letsNoCodeBeSpentWhileTheSafeCannotBeWritten() {
    scene.safe.failWrites(1);

    assertThat(now(scene.keeper.prepare(ID, scene.first))).isEqualTo(Readiness.UNAVAILABLE);
  }

  @Test
  @Requirement("G-14")
  void anOlderAgreementNeverReplacesANewerOne() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keeper.prepare(ID, scene.second));
    now(scene.keep(scene.second, "at-2", "rt-2"));

    assertThat(now(scene.keep(scene.first, "at-1", "rt-1"))).isEqualTo(Outcome.SUPERSEDED);
    assertThat(now(scene.keeper.prepare(ID, scene.first))).isEqualTo(Readiness.NOT_WANTED);

    assertThat(scene.stored().refreshToken())
        .hasValueSatisfying(token -> assertThat(token.value().reveal()).isEqualTo("rt-2"));
  }

  @Test
  @Requirement({"G-14", "MO-15"})
  void aLaterAgreementReplacesTheCredentialInPlaceWithAHigherGeneration() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keep(scene.first, "at-1", "rt-1"));
    now(scene.keeper.prepare(ID, scene.second));

    assertThat(now(scene.keep(scene.second, "at-2", "rt-2"))).isEqualTo(Outcome.KEPT);

    assertThat(scene.stored().generation()).isEqualTo(new Generation(2));
    assertThat(scene.ledger.held).map(Held::generation).contains(new Generation(2));
  }

  @Test
  @Requirement("G-1")
  void doesNotForgetACallThatIsInFlightWhileAnOwnerIsOnTheWay() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keep(scene.first, "at-1", "rt-1"));
    PendingCall call = new PendingCall("attempt", 7, scene.time.instant(), 1, 1);
    scene.put(scene.stored().withPending(call));

    now(scene.keeper.prepare(ID, scene.second));

    assertThat(scene.stored().pending()).contains(call);
  }

  @Test
  @Requirement("G-9")
  void anAgreementThatWasMovedLastsFromWhenItsOwnerAgreed() {
    scene.profile = scene.profile.with("grant", "{max_age: 90d}");
    Instant agreedAt = scene.time.instant();
    now(scene.keeper.prepare(ID, scene.first));
    scene.time.advance(Duration.ofDays(3));

    now(scene.keep(scene.first, new Arrival.Moved(Optional.of(agreedAt)), "at", Optional.of("rt")));

    assertThat(scene.ledger.term.map(Term::agreedAt)).contains(agreedAt);
    assertThat(scene.ledger.term.flatMap(Term::endsAt))
        .contains(agreedAt.plus(Duration.ofDays(90)));
  }

  @Test
  @Requirement("I4")
  void underTheIdOfADeletedConnectionGenerationsGoOnFromWhereTheyWere() {
    scene.ledger.issued = new Generation(7);
    now(scene.keeper.prepare(ID, scene.first));

    now(scene.keep(scene.first, "at", "rt"));

    assertThat(scene.stored().generation()).isEqualTo(new Generation(8));
    assertThat(scene.ledger.held).map(Held::generation).contains(new Generation(8));
  }

  @Test
  @Requirement("G-14")
  void theEarlierRefreshTokenStaysInUseWhereTheProfileSaysSoAndTheNewConsentBringsNone() {
    scene.profile =
        scene
            .profile
            .with("refresh", "{kept_on_reconsent: true}")
            .with("token", "{require_refresh_token: true}");
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keep(scene.first, "at-1", "rt-1"));
    PendingCall call = new PendingCall("attempt", 7, scene.time.instant(), 1, 1);
    scene.put(scene.stored().withPending(call));
    now(scene.keeper.prepare(ID, scene.second));

    assertThat(now(scene.keep(scene.second, "at-2", Optional.empty()))).isEqualTo(Outcome.KEPT);

    assertThat(scene.stored().accessToken()).map(token -> token.value().reveal()).contains("at-2");
    assertThat(scene.stored().refreshToken()).map(token -> token.value().reveal()).contains("rt-1");
    assertThat(scene.stored().pending()).as("a call that presented it goes on").contains(call);
  }

  @Test
  @Requirement({"MO-5", "G-14"})
  void aFirstConsentWithoutRefreshTokenHasNoEarlierOneToGoOnWith() {
    scene.profile =
        scene
            .profile
            .with("refresh", "{kept_on_reconsent: true}")
            .with("token", "{require_refresh_token: true}");
    now(scene.keeper.prepare(ID, scene.first));

    assertThat(now(scene.keep(scene.first, "at", Optional.empty())))
        .isEqualTo(Outcome.NO_REFRESH_TOKEN);
  }

  @Test
  @Requirement("G-14")
  void withoutThatWordANewConsentReplacesTheWholeCredential() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keep(scene.first, "at-1", "rt-1"));
    now(scene.keeper.prepare(ID, scene.second));

    now(scene.keep(scene.second, "at-2", Optional.empty()));

    assertThat(scene.stored().refreshToken()).isEmpty();
  }

  @Test
  @Requirement("G-1")
  void aGrantWhoseSafeFailsAfterTheExchangeIsWrittenAsSoonAsItIsBack() {
    now(scene.keeper.prepare(ID, scene.first));
    scene.safe.goDown();
    UniAssertSubscriber<Outcome> keeping =
        scene
            .keep(scene.first, "at", "rt")
            .subscribe()
            .withSubscriber(UniAssertSubscriber.create());
    keeping.assertNotTerminated();

    scene.safe.comeBack();
    scene.pause.elapse();

    assertThat(keeping.assertCompleted().getItem()).isEqualTo(Outcome.KEPT);
    assertThat(scene.stored().refreshToken()).isPresent();
  }

  @Test
  @Requirement({"G-1", "BE-18"})
  void whatCameOfAnAgreementSinceIsNeverReplacedByWhatTheAgreementBrought() {
    now(scene.keeper.prepare(ID, scene.first));
    now(scene.keep(scene.first, "at-1", "rt-1"));
    scene.put(
        new Credential(
            scene.stored().grant(),
            scene.stored().accessToken(),
            Optional.of(new Credential.RefreshToken(Secret.of("rt-2"), 2, Optional.empty())),
            Optional.empty(),
            Optional.empty()));

    assertThat(now(scene.keep(scene.first, "at-1", "rt-1"))).isEqualTo(Outcome.KEPT);

    assertThat(scene.stored().refreshToken())
        .hasValueSatisfying(token -> assertThat(token.value().reveal()).isEqualTo("rt-2"));
  }

  @Test
  @Requirement("G-1")
  void aGrantReachesTheSafeThoughTheLedgerDoesNotAnswerAnyMore() {
    now(scene.keeper.prepare(ID, scene.first));
    scene.ledger.answersLookUps = false;

    now(scene.keep(scene.first, "at", "rt"));

    assertThat(scene.stored().refreshToken()).isPresent();
  }

  @Test
  @Requirement("G-9")
  void anAgreementLastsAsLongAsTheProfileSaysFromTheMomentItIsKept() {
    scene.profile = scene.profile.with("grant", "{max_age: 90d}");
    now(scene.keeper.prepare(ID, scene.first));
    scene.time.advance(Duration.ofMinutes(2));

    now(scene.keep(scene.first, "at", "rt"));

    assertThat(scene.ledger.term)
        .contains(
            new Term(
                scene.time.instant(),
                Optional.of(scene.time.instant().plus(Duration.ofDays(90))),
                Optional.empty(),
                true));
  }

  @Test
  @Requirement("G-8")
  void anEndThatTheAnswerDidNotTellIsAskedForOnceTheGrantIsDurable() {
    scene.profile = scene.profile.with("expiry", "{introspect: true}");
    Instant end = scene.time.instant().plus(Duration.ofMinutes(10));
    scene.introspection =
        (client, token) -> {
          assertThat(scene.stored().accessToken().orElseThrow().value()).isEqualTo(token);
          return Uni.createFrom().item(Optional.of(end));
        };
    now(scene.keeper.prepare(ID, scene.first));

    assertThat(now(scene.keepUntold(scene.first, "at"))).isEqualTo(Outcome.KEPT);

    assertThat(scene.stored().accessToken().orElseThrow().lifetime().expiresAt()).isEqualTo(end);
    assertThat(scene.ledger.held.orElseThrow().lifetime().expiresAt()).isEqualTo(end);
  }

  @Test
  @Requirement("G-8")
  void aProviderThatDoesNotTellTheEndEitherLeavesTheDefault() {
    scene.profile = scene.profile.with("expiry", "{introspect: true}");
    scene.introspection = (client, token) -> Uni.createFrom().failure(new IllegalStateException());
    now(scene.keeper.prepare(ID, scene.first));

    assertThat(now(scene.keepUntold(scene.first, "at"))).isEqualTo(Outcome.KEPT);

    assertThat(scene.ledger.held.orElseThrow().lifetime().total()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  @Requirement("C15")
  void nobodyIsAskedForAnEndThatWasTold() {
    scene.profile = scene.profile.with("expiry", "{introspect: true}");
    now(scene.keeper.prepare(ID, scene.first));

    assertThat(now(scene.keep(scene.first, "at", "rt"))).isEqualTo(Outcome.KEPT);
  }
}
