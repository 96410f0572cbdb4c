package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.Scene.Trip;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.token.Secret;

class ConsentStartTest {
  private final Scene scene = new Scene();

  @Test
  @Requirement({"MO-3", "MO-4", "B2"})
  void anOwnerIsSentWithEverythingTheProviderNeeds() {
    Trip trip = scene.leave();

    assertThat(trip.sent())
        .containsEntry("response_type", "code")
        .containsEntry("client_id", "our client")
        .containsEntry("redirect_uri", "https://broker.example/callback/crm")
        .containsEntry("scope", "contacts.read offline_access")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "code_challenge");
  }

  @Test
  @Requirement("B1")
  void everyStartHasAStateAndAVerifierOfItsOwn() {
    String ticket = scene.invite();
    Set<String> states = new HashSet<>();
    Set<String> challenges = new HashSet<>();

    for (int i = 0; i < 50; i++) {
      Trip trip = scene.leave(ticket, Optional.empty());
      states.add(trip.state());
      challenges.add(trip.sent().getOrDefault("code_challenge", ""));
    }

    assertThat(states).hasSize(50).allMatch(state -> state.length() == 43);
    assertThat(challenges).hasSize(50);
  }

  @Test
  @Requirement("B1")
  void theVerifierIsInTheSafeAndNowhereElse() {
    Trip trip = scene.leave();

    assertThat(scene.safe.documents().values())
        .singleElement()
        .satisfies(
            document -> {
              String verifier = document.document().field("code_verifier").orElseThrow();
              assertThat(verifier).hasSizeBetween(43, 128).matches("[A-Za-z0-9._~-]+");
              assertThat(CodeChallenge.of(Secret.of(verifier)).value())
                  .isEqualTo(trip.sent().get("code_challenge"));
            });
  }

  @Test
  @Requirement("X-5")
  void parametersOfProfileAndRegistrationGoAlong() {
    ProviderClient client =
        client(
            profile("{parameters: {prompt: consent}, registration_parameters: [audience]}"),
            Map.of("audience", "the api", "dropped", "by the profile"));

    assertThat(leaveFor(client).sent())
        .containsEntry("prompt", "consent")
        .containsEntry("audience", "the api")
        .doesNotContainKey("dropped");
  }

  @Test
  @Requirement("X-5")
  void parametersCanHaveOtherNames() {
    ProviderClient client =
        client(
            profile("{}")
                .with("parameter_names", "{client_id: app, redirect_uri: back, scope: scopes}"),
            Map.of());

    assertThat(leaveFor(client).sent())
        .containsEntry("app", "our client")
        .containsEntry("back", "https://broker.example/callback/crm")
        .containsEntry("scopes", "contacts.read offline_access")
        .doesNotContainKeys("client_id", "redirect_uri", "scope");
  }

  private Trip leaveFor(ProviderClient client) {
    scene.clients.answer(new ClientLookup.Ready(client));
    return scene.leave();
  }

  private static ProfileFixture profile(String authorize) {
    return ProfileFixture.at(URI.create(Scene.ISSUER)).with("authorize", authorize);
  }

  private static ProviderClient client(ProfileFixture profile, Map<String, String> parameters) {
    ProviderClient usual = Scene.client(Scene.RULES);
    Registration registration = usual.registration();
    return new ProviderClient(
        profile.profile(),
        new Registration(
            registration.id(),
            registration.profile(),
            registration.name(),
            registration.purpose(),
            registration.contacts(),
            registration.authentication(),
            registration.signing(),
            registration.scopes(),
            registration.redirectUris(),
            new Particulars(Map.of(), Map.of(), parameters, Optional.empty()),
            registration.health(),
            registration.version()),
        usual.secrets());
  }

  @Test
  @Requirement("BE-5")
  void noScopeIsSentToAProviderThatWantsNone() {
    assertThat(new Scene("{send_scope: false}").leave().sent()).doesNotContainKey("scope");
  }

  @Test
  @Requirement("X-5")
  void responseTypeScopeSeparatorAndPlainChallengesAreTheProfiles() {
    Map<String, String> sent =
        new Scene("{response_type: '', scope_separator: ',', pkce: plain}").leave().sent();

    assertThat(sent)
        .doesNotContainKey("response_type")
        .containsEntry("scope", "contacts.read,offline_access")
        .containsEntry("code_challenge_method", "plain");
    assertThat(sent.get("code_challenge")).hasSizeBetween(43, 128);
  }

  @Test
  @Requirement("X-5")
  void aResponseTypeMayBeAnother() {
    Map<String, String> sent =
        new Scene("{response_type: auth_code, parameters: {type: web_server}}").leave().sent();

    assertThat(sent)
        .containsEntry("response_type", "auth_code")
        .containsEntry("type", "web_server");
  }

  @Test
  void aProviderWithoutPkceIsSentNoChallenge() {
    Scene plain = new Scene("{pkce: 'off'}");

    Trip trip = plain.leave();

    assertThat(trip.sent()).doesNotContainKeys("code_challenge", "code_challenge_method");
    assertThat(plain.comeBack(trip)).isEqualTo(new CallbackOutcome.Kept(Scene.SUBJECT));
  }

  @Test
  void aBrowserKeepsTheCookieItHolds() {
    Secret held = new SecureRandomText().secret();

    Trip trip = scene.leave(scene.invite(), Optional.of(held));

    assertThat(trip.browser()).isEqualTo(held);
  }

  @Test
  void nobodyLeavesWhileAStoreCannotKeepTheAttempt() {
    String ticket = scene.invite();
    scene.safe.goDown();
    Departure withoutSafe = value(scene.start.start(ticket, Optional.empty()));
    scene.safe.comeBack();
    scene.attempts.goDown();
    Departure withoutDatabase = value(scene.start.start(ticket, Optional.empty()));

    assertThat(withoutSafe).isEqualTo(new Departure.Staying(new Link.Unavailable()));
    assertThat(withoutDatabase).isEqualTo(new Departure.Staying(new Link.Unavailable()));
    assertThat(scene.safe.documents()).isEmpty();
  }

  @Test
  void aLinkIsClosedWhenItIsUnknownOrExpired() {
    String unknown = new SecureRandomText().secret().reveal();
    String expired = scene.invite(Duration.ofMinutes(1));
    scene.time.advance(Duration.ofMinutes(1));

    assertClosed(unknown, Link.Reason.UNKNOWN);
    assertClosed("..", Link.Reason.UNKNOWN);
    assertClosed(expired, Link.Reason.EXPIRED);
  }

  @Test
  void aLinkIsClosedWhenItIsUsedOrWithdrawn() {
    Trip used = scene.leave();
    scene.comeBack(used);
    String withdrawn = scene.invite();
    value(scene.invitations.withdraw(Scene.SUBJECT.connection()));

    assertClosed(used.ticket(), Link.Reason.USED);
    assertClosed(withdrawn, Link.Reason.WITHDRAWN);
  }

  @Test
  void lookingAtALinkChangesNothing() {
    String ticket = scene.invite();

    value(scene.start.look(ticket));

    assertThat(scene.attempts.count()).isZero();
    assertThat(scene.safe.documents()).isEmpty();
  }

  @Test
  void aRegistrationThatNoLongerListsOurCallbackBlocksTheLink() {
    String ticket = scene.invite();
    scene.clients.answer(
        new ClientLookup.Ready(
            Scene.client(
                Scene.RULES, List.of(URI.create("https://elsewhere.example/callback/crm")))));

    assertThat(value(scene.start.look(ticket))).isEqualTo(new Link.Blocked());
    assertThat(value(scene.start.start(ticket, Optional.empty())))
        .isEqualTo(new Departure.Staying(new Link.Blocked()));
  }

  @Test
  void aDepartureNamesNoSecret() {
    Departure departure = value(scene.start.start(scene.invite(), Optional.empty()));

    assertThat(departure).hasToString("Leaving[acme-crm]");
  }

  private void assertClosed(String ticket, Link.Reason reason) {
    assertThat(value(scene.start.look(ticket))).isEqualTo(new Link.Closed(reason));
    assertThat(value(scene.start.start(ticket, Optional.empty())))
        .isEqualTo(new Departure.Staying(new Link.Closed(reason)));
  }
}
