package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.consent.Scene.Trip;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

class ConsentCallbackTest {
  private final Scene scene = new Scene();

  @Test
  @Requirement("MO-15")
  void anOwnerWhoAgreesLeavesAKeptGrantAndNoSecretBehind() {
    Trip trip = scene.leave();

    CallbackOutcome outcome = scene.comeBack(trip);

    assertThat(outcome).isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
    assertThat(scene.keeper.kept())
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.connection()).isEqualTo(Scene.SUBJECT.connection());
              assertThat(kept.grant()).isEqualTo(scene.keeper.prepared().getFirst());
              assertThat(kept.tokens().refreshToken()).contains(Secret.of("refresh-token-1"));
              assertThat(kept.requested()).isEqualTo(Scene.SUBJECT.scopes());
            });
    assertThat(scene.safe.documents()).isEmpty();
    assertThat(scene.clients.told()).containsExactly("accepted crm");
  }

  @Test
  @Requirement({"MO-7", "IV-5"})
  void theExchangeRepeatsTheRedirectUriAndBringsTheVerifierOfTheChallenge() {
    Trip trip = scene.leave();

    scene.comeBack(trip, trip.code("the-code"));

    TokenRequest.AuthorizationCode request =
        (TokenRequest.AuthorizationCode) scene.endpoint.requests().getFirst();
    assertThat(request.code()).isEqualTo(Secret.of("the-code"));
    assertThat(request.redirectUri()).contains(URI.create(trip.sent().get("redirect_uri")));
    assertThat(scene.keeper.kept().getFirst().grant().redirectUri())
        .as("a refresh may have to repeat it too")
        .isEqualTo(request.redirectUri());
    assertThat(request.codeVerifier().map(CodeChallenge::of).map(CodeChallenge::value))
        .contains(trip.sent().get("code_challenge"));
  }

  @Test
  @Requirement({"B4", "MO-4"})
  void aCallbackThatComesAgainSpendsNothingAndSaysItIsDone() {
    Trip trip = scene.leave();
    scene.comeBack(trip);

    CallbackOutcome again = scene.comeBack(trip);

    assertThat(again).isEqualTo(new CallbackOutcome.AlreadyDone(Scene.SUBJECT.connection()));
    assertThat(scene.endpoint.requests()).hasSize(1);
    assertThat(scene.keeper.kept()).hasSize(1);
  }

  @Test
  @Requirement("B4")
  void ofTwoCallbacksAtOnceOneSpendsTheCode() {
    Trip trip = scene.leave();
    List<UniEmitter<? super TokenReply>> provider = new ArrayList<>();
    scene.endpoint.answer(Uni.createFrom().emitter(provider::add));
    List<CallbackOutcome> first = new ArrayList<>();
    scene
        .callback
        .answer(
            Scene.REGISTRATION, trip.code("the-code"), Scene.visitor(Optional.of(trip.browser())))
        .subscribe()
        .with(first::add);

    CallbackOutcome second = scene.comeBack(trip);
    provider.getFirst().complete(scene.granted(Optional.of(Secret.of("refresh-token-1"))));

    assertThat(second)
        .isInstanceOfSatisfying(
            CallbackOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refusal.STATE_USED));
    assertThat(first).containsExactly(new CallbackOutcome.Kept(Scene.SUBJECT));
    assertThat(provider).hasSize(1);
  }

  @Test
  @Requirement({"B4", "G-14"})
  void twoTabsOfOneBrowserDoNotDisturbEachOther() {
    String ticket = scene.invite();
    Trip first = scene.leave(ticket, Optional.empty());
    Trip second = scene.leave(ticket, Optional.of(first.browser()));

    CallbackOutcome ofFirst = scene.comeBack(first);
    CallbackOutcome ofSecond = scene.comeBack(second);

    assertThat(second.browser()).isEqualTo(first.browser());
    assertThat(ofFirst).isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
    assertThat(ofSecond).isEqualTo(new CallbackOutcome.AlreadyDone(Scene.SUBJECT.connection()));
    assertThat(scene.keeper.kept()).hasSize(1);
  }

  @Test
  void aCodeThatIsBeingSpentIsKeptAlthoughTheBrowserIsGone() {
    Trip trip = scene.leave();
    List<UniEmitter<? super TokenReply>> provider = new ArrayList<>();
    scene.endpoint.answer(Uni.createFrom().emitter(provider::add));

    scene
        .callback
        .answer(
            Scene.REGISTRATION, trip.code("the-code"), Scene.visitor(Optional.of(trip.browser())))
        .subscribe()
        .with(outcome -> {})
        .cancel();
    provider.getFirst().complete(scene.granted(Optional.of(Secret.of("refresh-token-1"))));

    assertThat(scene.keeper.kept()).hasSize(1);
    assertThat(scene.attempts.stateOf(Fingerprint.of(Secret.of(trip.state()))))
        .contains(AttemptState.KEPT);
  }

  @ParameterizedTest
  @CsvSource({
    "access_denied,ACCESS_DENIED",
    "server_error,SERVER_ERROR",
    "temporarily_unavailable,TEMPORARILY_UNAVAILABLE",
    "invalid_scope,CONFIGURATION",
    "interaction_required,OTHER"
  })
  @Requirement("B6")
  void anErrorOfTheProviderEndsTheAttemptAndOffersToStartAgain(String code, ProviderError error) {
    Trip trip = scene.leave();

    CallbackOutcome outcome =
        scene.comeBack(
            trip, Scene.query("state", trip.state(), "error", code, "error_description", "no way"));

    assertThat(outcome)
        .isEqualTo(
            new CallbackOutcome.NoCode(
                Scene.SUBJECT.connection(), error, Secret.of(trip.ticket())));
    assertThat(scene.endpoint.requests()).isEmpty();
    assertThat(scene.safe.documents()).isEmpty();
    assertThat(scene.comeBack(scene.leave(trip.ticket(), Optional.of(trip.browser()))))
        .isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
  }

  @Test
  @Requirement({"MO-4", "B2", "G-14"})
  void aStateIsRefusedWhenItIsMissingUnknownOrExpired() {
    Trip trip = scene.leave();
    String unknown = new SecureRandomText().secret().reveal();

    assertRefused(scene.comeBack(trip, "code=the-code"), Refusal.STATE_MISSING);
    assertRefused(scene.comeBack(trip, "state=&code=the-code"), Refusal.STATE_MISSING);
    assertRefused(
        scene.comeBack(trip, Scene.query("state", unknown, "code", "the-code")),
        Refusal.STATE_UNKNOWN);
    assertRefused(
        scene.comeBack(trip, Scene.query("state", "short", "code", "the-code")),
        Refusal.STATE_UNKNOWN);
    scene.time.advance(Duration.ofMinutes(10));
    assertRefused(scene.comeBack(trip), Refusal.STATE_EXPIRED);
    assertNothingHappened(trip);
  }

  @Test
  @Requirement("B6")
  void aStateOfElevenMinutesIsRefusedAndTheLinkStartsAgain() {
    Trip trip = scene.leave();
    scene.time.advance(Duration.ofMinutes(11));

    assertRefused(scene.comeBack(trip), Refusal.STATE_EXPIRED);

    assertThat(scene.comeBack(scene.leave(trip.ticket(), Optional.empty())))
        .isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
  }

  @Test
  @Requirement({"MO-4", "B1"})
  void anotherBrowserIsRefusedAndTheOwnersStillGetsThrough() {
    Trip trip = scene.leave();
    Secret other = new SecureRandomText().secret();

    CallbackOutcome stranger =
        value(
            scene.callback.answer(
                Scene.REGISTRATION, trip.code("the-code"), Scene.visitor(Optional.of(other))));
    CallbackOutcome cookieless =
        value(
            scene.callback.answer(
                Scene.REGISTRATION, trip.code("the-code"), Scene.visitor(Optional.empty())));

    assertRefused(stranger, Refusal.OTHER_BROWSER);
    assertRefused(cookieless, Refusal.OTHER_BROWSER);
    assertNothingHappened(trip);
    assertThat(scene.comeBack(trip)).isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
  }

  @Test
  @Requirement("B3")
  void aStateOfOneRegistrationIsRefusedAtTheCallbackOfAnother() {
    Trip trip = scene.leave();

    CallbackOutcome outcome =
        value(
            scene.callback.answer(
                new RegistrationId("billing"),
                trip.code("the-code"),
                Scene.visitor(Optional.of(trip.browser()))));

    assertRefused(outcome, Refusal.OTHER_REGISTRATION);
    assertNothingHappened(trip);
  }

  @Test
  @Requirement({"B3", "G-14"})
  void anotherIssuerIsRefusedWithACodeAndWithAnError() {
    Trip trip = scene.leave();
    String almost = Scene.ISSUER + "/";

    assertRefused(
        scene.comeBack(trip, Scene.query("state", trip.state(), "code", "c", "iss", almost)),
        Refusal.ISSUER_MISMATCH);
    assertRefused(
        scene.comeBack(
            trip, Scene.query("state", trip.state(), "error", "access_denied", "iss", almost)),
        Refusal.ISSUER_MISMATCH);
    assertNothingHappened(trip);
    assertThat(
            scene.comeBack(
                trip, Scene.query("state", trip.state(), "code", "c", "iss", Scene.ISSUER)))
        .isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
  }

  @Test
  @Requirement("B3")
  void aMissingIssuerIsRefusedWhereTheProviderAlwaysNamesItself() {
    Scene strict = new Scene("{require_iss: true}");
    Trip trip = strict.leave();

    assertRefused(strict.comeBack(trip), Refusal.ISSUER_MISSING);
    assertRefused(
        strict.comeBack(trip, Scene.query("state", trip.state(), "error", "access_denied")),
        Refusal.ISSUER_MISSING);

    assertThat(strict.endpoint.requests()).isEmpty();
  }

  @Test
  @Requirement("G-1")
  void aCodeIsNotSpentWhileItsGrantCouldNotBeKept() {
    Trip trip = scene.leave();
    scene.keeper.answer(Readiness.UNAVAILABLE);

    CallbackOutcome outcome = scene.comeBack(trip);

    assertThat(outcome).isEqualTo(failed(trip, Failure.NOT_WRITABLE));
    assertThat(scene.endpoint.requests()).isEmpty();
  }

  @Test
  void aSafeThatIsDownStopsTheCallbackBeforeAnythingIsSpent() {
    Trip trip = scene.leave();
    scene.safe.goDown();

    CallbackOutcome outcome = scene.comeBack(trip);
    scene.safe.comeBack();

    assertThat(outcome).isEqualTo(new CallbackOutcome.Unavailable());
    assertThat(scene.endpoint.requests()).isEmpty();
    assertThat(scene.comeBack(trip)).isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
  }

  @Test
  void aDatabaseThatIsDownStopsTheCallbackBeforeAnythingIsSpent() {
    Trip trip = scene.leave();
    scene.attempts.goDown();

    CallbackOutcome outcome = scene.comeBack(trip);
    scene.attempts.comeBack();

    assertThat(outcome).isEqualTo(new CallbackOutcome.Unavailable());
    assertThat(scene.endpoint.requests()).isEmpty();
    assertThat(scene.comeBack(trip)).isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
  }

  @Test
  void aRegistrationThatCannotBeReadStopsTheCallbackBeforeAnythingIsSpent() {
    Trip trip = scene.leave();
    scene.clients.answer(new ClientLookup.SafeUnavailable(SafeFault.NOT_SERVING));

    assertThat(scene.comeBack(trip)).isEqualTo(new CallbackOutcome.Unavailable());
    assertNothingHappened(trip);
  }

  @Test
  @Requirement("MO-5")
  void aGrantWithoutTheRequiredRefreshTokenIsReported() {
    Trip trip = scene.leave();
    scene.endpoint.answer(scene.granted(Optional.empty()));
    scene.keeper.answer(Outcome.NO_REFRESH_TOKEN);

    CallbackOutcome outcome = scene.comeBack(trip);

    assertThat(outcome).isEqualTo(failed(trip, Failure.NO_REFRESH_TOKEN));
  }

  @ParameterizedTest
  @EnumSource(
      value = Rejection.class,
      names = {"INVALID_CLIENT", "UNAUTHORIZED_CLIENT"})
  @Requirement("IV-10")
  void aRefusedClientIsAFaultOfTheRegistration(Rejection reason) {
    Trip trip = scene.leave();
    scene.endpoint.answer(new TokenReply.Rejected(reason));

    CallbackOutcome outcome = scene.comeBack(trip);

    assertThat(outcome).isEqualTo(failed(trip, Failure.CLIENT_REJECTED));
    assertThat(scene.clients.told()).containsExactly("faulty crm " + reason);
  }

  @Test
  void aRefusedCodeIsNoFaultOfTheRegistrationAndIsNotTriedAgain() {
    Trip trip = scene.leave();
    scene.endpoint.answer(new TokenReply.Rejected(Rejection.INVALID_GRANT));

    assertThat(scene.comeBack(trip)).isEqualTo(failed(trip, Failure.CODE_REJECTED));
    assertRefused(scene.comeBack(trip), Refusal.STATE_USED);

    assertThat(scene.endpoint.requests()).hasSize(1);
    assertThat(scene.clients.told()).isEmpty();
  }

  @Test
  void aProviderThatIsDownOrDoubtfulIsAskedOnce() {
    Trip unreachable = scene.leave();
    scene.endpoint.answer(new TokenReply.Unreachable(Obstacle.CONNECT));
    assertThat(scene.comeBack(unreachable)).isEqualTo(failed(unreachable, Failure.PROVIDER_BUSY));

    Trip throttled = scene.leave();
    scene.endpoint.answer(new TokenReply.Throttled(Duration.ofSeconds(30)));
    assertThat(scene.comeBack(throttled)).isEqualTo(failed(throttled, Failure.PROVIDER_BUSY));

    Trip doubtful = scene.leave();
    scene.endpoint.answer(new TokenReply.Ambiguous(Doubt.TIMEOUT));
    assertThat(scene.comeBack(doubtful)).isEqualTo(failed(doubtful, Failure.UNKNOWN_OUTCOME));

    assertThat(scene.endpoint.requests()).hasSize(3);
    assertThat(scene.safe.documents()).isEmpty();
  }

  @Test
  @Requirement("G-14")
  void aGrantThatANewerOneOvertookIsToldAsSuch() {
    Trip trip = scene.leave();
    scene.keeper.answer(Outcome.SUPERSEDED);

    assertThat(scene.comeBack(trip))
        .isEqualTo(new CallbackOutcome.Superseded(Scene.SUBJECT.connection()));
  }

  @Test
  void aGrantHeldInMemoryLeavesTheLinkUsable() {
    Trip trip = scene.leave();
    scene.keeper.answer(Outcome.HELD);

    assertThat(scene.comeBack(trip)).isEqualTo(new CallbackOutcome.Held(Scene.SUBJECT));

    assertThat(value(scene.start.look(trip.ticket()))).isInstanceOf(Link.Open.class);
  }

  @Test
  void aConnectionThatIsGoneGetsNoGrant() {
    Trip trip = scene.leave();
    scene.keeper.answer(Readiness.NOT_WANTED);

    assertThat(scene.comeBack(trip))
        .isEqualTo(new CallbackOutcome.NotWanted(Scene.SUBJECT.connection()));
    assertThat(scene.endpoint.requests()).isEmpty();
  }

  @Test
  void aLinkWithdrawnMeanwhileStopsTheCallback() {
    Trip trip = scene.leave();
    value(scene.invitations.withdraw(Scene.SUBJECT.connection()));

    assertRefused(scene.comeBack(trip), Refusal.LINK_WITHDRAWN);
    assertThat(scene.endpoint.requests()).isEmpty();
  }

  @Test
  void anOutcomeNamesNoSecret() {
    Trip trip = scene.leave();
    scene.endpoint.answer(new TokenReply.Rejected(Rejection.INVALID_GRANT));

    CallbackOutcome outcome = scene.comeBack(trip);

    assertThat(outcome.toString()).doesNotContain(trip.ticket(), trip.state(), "the-code");
  }

  private void assertNothingHappened(Trip trip) {
    assertThat(scene.endpoint.requests()).isEmpty();
    assertThat(scene.keeper.prepared()).isEmpty();
    assertThat(scene.attempts.stateOf(Fingerprint.of(Secret.of(trip.state()))))
        .contains(AttemptState.OPEN);
  }

  private static void assertRefused(CallbackOutcome outcome, Refusal reason) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            CallbackOutcome.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private static CallbackOutcome failed(Trip trip, Failure failure) {
    return new CallbackOutcome.Failed(
        Scene.SUBJECT.connection(), failure, Secret.of(trip.ticket()));
  }
}
