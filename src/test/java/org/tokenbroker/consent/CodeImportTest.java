package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.consent.CodeImport.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Secret;

class CodeImportTest {
  private static final URI OWN = URI.create(Scene.PUBLIC_URL + "/callback/crm");
  private static final URI FOREIGN = URI.create("https://planner.customer.example/back");

  private final Scene scene = new Scene();

  CodeImportTest() {
    scene.clients.answer(new ClientLookup.Ready(Scene.client(Scene.RULES, List.of(OWN, FOREIGN))));
  }

  @Test
  @Requirement("IV-4")
  void aCodeThatWasFetchedByHandIsExchangedAtOnceWithoutARedirectUri() {
    assertThat(brought("the-code")).isEqualTo(new Outcome.Kept());

    assertThat(request().code()).isEqualTo(Secret.of("the-code"));
    assertThat(request().redirectUri()).isEmpty();
    assertThat(request().codeVerifier()).isEmpty();
    assertThat(scene.keeper.kept())
        .singleElement()
        .satisfies(kept -> assertThat(kept.connection()).isEqualTo(Scene.SUBJECT.connection()));
    assertThat(scene.codes.noted().toString()).doesNotContain("the-code");
  }

  @Test
  @Requirement("IV-4")
  void aCodeIsPresentedOnce() {
    brought("the-code");

    assertThat(brought("the-code")).isEqualTo(new Outcome.Replayed());
    assertThat(brought("the-code", Optional.of(FOREIGN))).isEqualTo(new Outcome.Replayed());

    assertThat(scene.endpoint.requests()).hasSize(1);
  }

  @Test
  @Requirement("IV-4")
  void aRefusedOrDoubtfulCodeIsNeverPresentedAgain() {
    scene.endpoint.answer(new TokenReply.Rejected(Rejection.INVALID_GRANT));
    assertThat(brought("refused")).isEqualTo(new Outcome.Failed(Failure.CODE_REJECTED, true));
    scene.endpoint.answer(new TokenReply.Ambiguous(Doubt.TIMEOUT));
    assertThat(brought("doubtful")).isEqualTo(new Outcome.Failed(Failure.UNKNOWN_OUTCOME, true));

    assertThat(brought("refused")).isEqualTo(new Outcome.Replayed());
    assertThat(brought("doubtful")).isEqualTo(new Outcome.Replayed());

    assertThat(scene.endpoint.requests()).hasSize(2);
  }

  @Test
  void aCodeThatWasCertainlyNotPresentedMayBeBroughtAgain() {
    scene.endpoint.answer(new TokenReply.Unreachable(Obstacle.CONNECT));
    assertThat(brought("the-code")).isEqualTo(new Outcome.Failed(Failure.PROVIDER_BUSY, false));
    scene.keeper.answer(Readiness.UNAVAILABLE);
    assertThat(brought("the-code")).isEqualTo(new Outcome.Failed(Failure.NOT_WRITABLE, false));
    scene.keeper.answer(Readiness.READY);
    scene.endpoint.answer(scene.granted(Optional.of(Secret.of("refresh-token-1"))));

    assertThat(brought("the-code")).isEqualTo(new Outcome.Kept());
  }

  @Test
  @Requirement("IV-4")
  void aCodeThatABusyProviderSawIsNotPresentedAgain() {
    scene.endpoint.answer(new TokenReply.Throttled(Duration.ofSeconds(1)));
    assertThat(brought("the-code")).isEqualTo(new Outcome.Failed(Failure.PROVIDER_BUSY, true));
    scene.endpoint.answer(scene.granted(Optional.of(Secret.of("refresh-token-1"))));

    assertThat(brought("the-code")).isEqualTo(new Outcome.Replayed());
    assertThat(scene.endpoint.requests()).hasSize(1);
  }

  @Test
  @Requirement("IV-5")
  void theRedirectUriIsExactlyOneOfTheRegisteredOnesAndTheExchangeRepeatsIt() {
    assertThat(brought("the-code", Optional.of(URI.create(FOREIGN + "/"))))
        .isInstanceOfSatisfying(
            Outcome.Flawed.class, flawed -> assertThat(flawed.field()).isEqualTo("redirect_uri"));
    assertThat(scene.endpoint.requests()).isEmpty();

    assertThat(brought("the-code", Optional.of(FOREIGN))).isEqualTo(new Outcome.Kept());
    assertThat(request().redirectUri()).contains(FOREIGN);
  }

  @Test
  @Requirement("IV-5")
  void aCodeOfALinkToTheCustomersOwnApplicationComesWithItsStateAndVerifier() {
    Scene.Trip trip =
        scene.leave(scene.invite(Duration.ofDays(1), Optional.of(FOREIGN)), Optional.empty());
    assertThat(trip.sent()).containsEntry("redirect_uri", FOREIGN.toString());

    Outcome outcome = throughLink(trip, Scene.SUBJECT);

    assertThat(outcome).isEqualTo(new Outcome.Kept());
    assertThat(request().redirectUri()).contains(FOREIGN);
    assertThat(request().codeVerifier().map(CodeChallenge::of).map(CodeChallenge::value))
        .contains(trip.sent().get("code_challenge"));
    assertThat(scene.safe.documents()).isEmpty();
    assertThat(value(scene.start.look(trip.ticket()))).isEqualTo(new Link.Closed(Link.Reason.USED));
  }

  @ParameterizedTest
  @CsvSource({"used", "expired", "other connection"})
  @Requirement("MO-4")
  void aStateServesOnceInItsLifeAndForItsOwnConnection(String how) {
    Scene.Trip trip =
        scene.leave(scene.invite(Duration.ofDays(1), Optional.of(FOREIGN)), Optional.empty());
    ConsentSubject subject =
        switch (how) {
          case "used" -> {
            throughLink(trip, Scene.SUBJECT);
            yield Scene.SUBJECT;
          }
          case "expired" -> {
            scene.time.advance(Duration.ofMinutes(10));
            yield Scene.SUBJECT;
          }
          default ->
              new ConsentSubject(
                  new ConnectionId("other"),
                  Scene.SUBJECT.tenant(),
                  Scene.REGISTRATION,
                  Scene.SUBJECT.scopes());
        };
    int before = scene.endpoint.requests().size();

    Outcome outcome =
        value(
            scene.codeImport.take(
                subject,
                new BroughtCode(
                    Secret.of("another-code"),
                    Optional.empty(),
                    Optional.of(Secret.of(trip.state())))));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Flawed.class, flawed -> assertThat(flawed.field()).isEqualTo("state"));
    assertThat(scene.endpoint.requests()).hasSize(before);
  }

  @Test
  @Requirement({"IV-4", "IV-5", "B4"})
  void aCodeWhoseStateAnotherTookMeanwhileIsNotTakenAgain() {
    Scene.Trip trip =
        scene.leave(scene.invite(Duration.ofDays(1), Optional.of(FOREIGN)), Optional.empty());
    scene.codes.meanwhile(() -> takenByAnother(trip));

    assertThat(throughLink(trip, Scene.SUBJECT)).isEqualTo(StateAdmission.USED);

    assertThat(brought("the-code", Optional.of(FOREIGN)))
        .as("whoever took the state may have presented it")
        .isEqualTo(new Outcome.Replayed());
    assertThat(scene.endpoint.requests()).isEmpty();
  }

  @Test
  @Requirement("IV-10")
  void aRefusedClientIsAFaultOfTheRegistration() {
    scene.endpoint.answer(new TokenReply.Rejected(Rejection.INVALID_CLIENT));

    assertThat(brought("the-code")).isEqualTo(new Outcome.Failed(Failure.CLIENT_REJECTED, true));

    assertThat(scene.clients.told()).containsExactly("faulty crm INVALID_CLIENT");
  }

  @Test
  void aStoreThatIsDownStopsTheImportBeforeAnythingIsSpent() {
    scene.codes.goDown();
    assertThat(brought("the-code")).isEqualTo(new Outcome.Unavailable());

    scene.clients.answer(new ClientLookup.LedgerUnavailable());
    assertThat(brought("the-code")).isEqualTo(new Outcome.Unavailable());

    assertThat(scene.endpoint.requests()).isEmpty();
  }

  private Outcome brought(String code) {
    return brought(code, Optional.empty());
  }

  private Outcome brought(String code, Optional<URI> redirectUri) {
    return value(
        scene.codeImport.take(
            Scene.SUBJECT, new BroughtCode(Secret.of(code), redirectUri, Optional.empty())));
  }

  private Outcome throughLink(Scene.Trip trip, ConsentSubject subject) {
    return value(
        scene.codeImport.take(
            subject,
            new BroughtCode(
                Secret.of("the-code"),
                Optional.of(FOREIGN),
                Optional.of(Secret.of(trip.state())))));
  }

  private void takenByAnother(Scene.Trip trip) {
    if (value(scene.attempts.find(Fingerprint.of(Secret.of(trip.state()))))
        instanceof Attempts.AttemptRead.Found found) {
      value(scene.attempts.take(found.attempt().grant(), scene.time.instant()));
    }
  }

  private TokenRequest.AuthorizationCode request() {
    return (TokenRequest.AuthorizationCode) scene.endpoint.requests().getLast();
  }
}
