package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.consent.CallbackOutcome.Installed;
import org.tokenbroker.consent.GrantKeeper.Outcome;
import org.tokenbroker.consent.GrantKeeper.Readiness;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

class ProviderInstallTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId OTHER = new TenantId("other");

  private final Scene scene = Scene.ofInstalls();

  @Test
  @Requirement({"BE-3", "BE-4", "BE-7"})
  void aCodeWithoutAStateIsExchangedForAConnectionThatIsNobodys() {
    Installed installed = installed("the-code");

    assertThat(scene.installs.begun())
        .singleElement()
        .satisfies(
            install -> {
              assertThat(install.connection()).isEqualTo(installed.landing().connection());
              assertThat(install.registration()).isEqualTo(Scene.REGISTRATION);
            });
    assertThat(installed.tenant()).isEmpty();
    assertThat(scene.endpoint.requests())
        .singleElement()
        .isEqualTo(
            new TokenRequest.AuthorizationCode(
                Secret.of("the-code"),
                Optional.of(URI.create(Scene.PUBLIC_URL + "/callback/crm")),
                Optional.empty()));
    assertThat(scene.keeper.kept())
        .singleElement()
        .satisfies(
            kept -> assertThat(kept.connection()).isEqualTo(installed.landing().connection()));
  }

  @Test
  @Requirement("BE-3")
  void aCodeWithoutAStateIsRefusedWhereInstallsStartWithUs() {
    Scene ordinary = new Scene();

    assertThat(come(ordinary, "code=the-code", Optional.empty())).isEqualTo(refused());
    assertThat(ordinary.endpoint.requests()).isEmpty();
    assertThat(ordinary.installCodes.count()).isZero();
  }

  @Test
  @Requirement("BE-3")
  void aRegistrationThatNobodyKnowsIsRefusedAlike() {
    scene.clients.answer(new ClientLookup.Unknown());

    assertThat(come("code=the-code")).isEqualTo(refused());
  }

  @Test
  @Requirement({"BE-4", "B4"})
  void aCodeIsPresentedOnceHoweverOftenItComes() {
    Installed first = installed("the-code");

    List<CallbackOutcome> again =
        List.of(
            come("code=the-code"),
            come(scene, "code=the-code&utm=x", Optional.of(first.browser())));

    assertThat(again)
        .allSatisfy(
            outcome ->
                assertThat(outcome).isEqualTo(new CallbackOutcome.CodeSpent(Scene.REGISTRATION)));
    assertThat(scene.endpoint.requests()).hasSize(1);
    assertThat(scene.installs.begun()).hasSize(1);
  }

  @Test
  @Requirement("BE-4")
  void whoBringsACodeAgainGetsNoCookieThatCouldClaimTheInstall() {
    installed("the-code");

    assertThat(come("code=the-code").cookie()).isEmpty();
  }

  @Test
  @Requirement({"BE-4", "G-1"})
  void noCodeIsPresentedWhileTheStoresCannotKeepWhatItBringsAndItMayComeAgain() {
    scene.installs.answer(Stored.UNAVAILABLE);
    assertThat(come("code=the-code")).isEqualTo(failed(Failure.NOT_WRITABLE, true));
    scene.installs.answer(Stored.DONE);
    scene.keeper.answer(Readiness.UNAVAILABLE);
    assertThat(come("code=the-code")).isEqualTo(failed(Failure.NOT_WRITABLE, true));
    assertThat(scene.endpoint.requests()).isEmpty();
    assertThat(scene.installs.abandoned()).hasSize(2);

    scene.keeper.answer(Readiness.READY);
    assertThat(come("code=the-code")).isInstanceOf(Installed.class);
  }

  @Test
  @Requirement("BE-4")
  void aStoreThatCannotNoteTheCodeStopsTheInstall() {
    scene.installCodes.goDown();

    assertThat(come("code=the-code")).isEqualTo(new CallbackOutcome.Unavailable());
    assertThat(scene.endpoint.requests()).isEmpty();
  }

  @Test
  @Requirement("BE-4")
  void aCodeMayComeAgainOnlyWhereItCertainlyWasNotPresented() {
    scene.endpoint.answer(new TokenReply.Unreachable(Obstacle.CONNECT));
    assertThat(come("code=one")).isEqualTo(failed(Failure.PROVIDER_BUSY, true));
    scene.endpoint.answer(new TokenReply.Unreachable(Obstacle.UNAVAILABLE));
    assertThat(come("code=one")).isEqualTo(failed(Failure.PROVIDER_BUSY, false));
    assertThat(come("code=one")).isInstanceOf(CallbackOutcome.CodeSpent.class);

    scene.endpoint.answer(new TokenReply.Rejected(Rejection.INVALID_GRANT));
    assertThat(come("code=two")).isEqualTo(failed(Failure.CODE_REJECTED, false));
    assertThat(come("code=two")).isInstanceOf(CallbackOutcome.CodeSpent.class);

    assertThat(scene.installs.abandoned()).hasSize(3);
  }

  @Test
  void anInstallWhoseRedirectUriIsNotRegisteredIsNotBegun() {
    scene.clients.answer(
        new ClientLookup.Ready(Scene.client(Scene.installs().profile(), List.of())));

    assertThat(come("code=the-code")).isEqualTo(failed(Failure.NOT_SET_UP, true));
    assertThat(scene.endpoint.requests()).isEmpty();
  }

  @Test
  @Requirement("X-1")
  void publicFactsThatComeWithTheCodeAreKeptWithTheGrant() {
    come("code=the-code&shop=4711&other=x");

    assertThat(scene.keeper.kept())
        .singleElement()
        .satisfies(
            kept ->
                assertThat(kept.tokens().metadata()).containsExactly(Map.entry("shop", "4711")));
  }

  @Test
  @Requirement("BE-4")
  void aFloodIsTurnedAwayBeforeItReachesStoresOrProvider() {
    for (int i = 0; i < 20; i++) {
      assertThat(come("code=code-" + i)).isInstanceOf(Installed.class);
    }

    CallbackOutcome flooded = come("code=one-more");

    assertThat(flooded)
        .isEqualTo(new CallbackOutcome.TooMany(Scene.REGISTRATION, Duration.ofSeconds(3)));
    assertThat(scene.endpoint.requests()).hasSize(20);
    scene.time.advance(Duration.ofSeconds(3));
    assertThat(come("code=one-more")).isInstanceOf(Installed.class);
  }

  @Test
  @Requirement("BE-4")
  void aFloodOnOneRegistrationLeavesRoomForOthersAndAllTogetherAreBounded() {
    InstallBudget budget = new InstallBudget(new Scene.Settings());
    RegistrationId flooded = new RegistrationId("flooded");
    int taken = 0;
    for (int i = 0; i < 500; i++) {
      taken += budget.exceeded(Optional.empty(), flooded, scene.time.instant()).isEmpty() ? 1 : 0;
    }

    assertThat(taken).isEqualTo(20);
    assertThat(budget.exceeded(Optional.empty(), new RegistrationId("calm"), scene.time.instant()))
        .isEmpty();
    int others = 0;
    for (int i = 0; i < 500; i++) {
      others +=
          budget
                  .exceeded(Optional.empty(), new RegistrationId("r" + i), scene.time.instant())
                  .isEmpty()
              ? 1
              : 0;
    }
    assertThat(others).isEqualTo(99);
  }

  @Test
  @Requirement("BE-4")
  void whoBringsMadeUpCodesUsesUpHisOwnBudgetAndLeavesTheRegistrationsToOthers() {
    scene.endpoint.answer(new TokenReply.Rejected(Rejection.INVALID_GRANT));
    for (int i = 0; i < 50; i++) {
      comeFrom("stranger", "code=made-up-" + i);
    }
    assertThat(scene.endpoint.requests()).hasSize(2);
    assertThat(comeFrom("stranger", "code=more")).isInstanceOf(CallbackOutcome.TooMany.class);
    scene.endpoint.answer(scene.granted(Optional.of(Secret.of("refresh-token-1"))));

    for (int i = 0; i < 10; i++) {
      assertThat(comeFrom("installer", "code=real-" + i)).isInstanceOf(Installed.class);
    }

    assertThat(comeFrom("installer", "code=real")).isInstanceOf(CallbackOutcome.TooMany.class);
    scene.time.advance(Duration.ofMinutes(1));
    assertThat(comeFrom("stranger", "code=real-at-last")).isInstanceOf(Installed.class);
  }

  private CallbackOutcome comeFrom(String network, String query) {
    return value(
        scene.callback.answer(
            Scene.REGISTRATION, query, new Visitor(Optional.empty(), Optional.of(network))));
  }

  @Test
  @Requirement("BE-4")
  void aLinkThatWasOpenedBeforeGetsAnInstallWhoseGrantIsStillHeldInMemory() {
    Secret browser = arm(claimLink(ACME), Optional.empty());
    scene.keeper.answer(Outcome.HELD);

    CallbackOutcome outcome = come(scene, "code=the-code", Optional.of(browser));

    assertThat(outcome).isInstanceOf(CallbackOutcome.InstallHeld.class);
    assertThat(scene.installs.ownerOf(scene.installs.begun().getFirst().connection()))
        .contains(ACME);
  }

  @Test
  void aGrantHeldInMemoryLeavesTheInstallToItsBrowser() {
    scene.keeper.answer(Outcome.HELD);

    CallbackOutcome outcome = come("code=the-code");

    assertThat(outcome).isInstanceOf(CallbackOutcome.InstallHeld.class);
    assertThat(scene.installs.abandoned()).isEmpty();
    assertThat(look(claimLink(ACME), outcome.cookie())).isInstanceOf(ClaimLink.AfterInstall.class);
  }

  @Test
  @Requirement("BE-4")
  void aLinkOpenedBeforeGivesTheNextInstallOfThatBrowserToItsTenantOnce() {
    String link = claimLink(ACME);
    Secret browser = arm(link, Optional.empty());

    Installed first = installed("first", Optional.of(browser));
    Installed second = installed("second", Optional.of(browser));

    assertThat(first.tenant()).contains(ACME);
    assertThat(scene.installs.ownerOf(first.landing().connection())).contains(ACME);
    assertThat(second.tenant()).isEmpty();
    assertThat(scene.installs.ownerOf(second.landing().connection())).isEmpty();
    assertThat(look(link, Optional.of(browser))).isEqualTo(new ClaimLink.Closed(Link.Reason.USED));
  }

  @Test
  @Requirement("BE-4")
  void anotherBrowsersInstallIsNotGivenAway() {
    arm(claimLink(ACME), Optional.empty());

    assertThat(installed("the-code").tenant()).isEmpty();
    assertThat(installed("other", Optional.of(new SecureRandomText().secret())).tenant()).isEmpty();
  }

  @Test
  @Requirement("BE-4")
  void aLinkOpenedBeforeWaitsForAnInstallOnlySoLong() {
    Secret browser = arm(claimLink(ACME), Optional.empty());
    scene.time.advance(Duration.ofMinutes(30));

    assertThat(installed("the-code", Optional.of(browser)).tenant()).isEmpty();
  }

  @Test
  @Requirement("BE-4")
  void lookingAtALinkGivesNothingAway() {
    String link = claimLink(ACME);
    Installed installed = installed("the-code");

    assertThat(look(link, Optional.of(installed.browser())))
        .isInstanceOf(ClaimLink.AfterInstall.class);
    assertThat(look(link, Optional.empty())).isInstanceOf(ClaimLink.BeforeInstall.class);

    assertThat(scene.installs.ownerOf(installed.landing().connection())).isEmpty();
    assertThat(scene.claims.stateOf(link)).isEqualTo(TicketState.OPEN);
  }

  @Test
  @Requirement("BE-4")
  void aLinkOpenedAfterwardsGivesWhatThatBrowserInstalledToItsTenantOnce() {
    Installed installed = installed("the-code");
    String link = claimLink(ACME);

    ClaimOutcome claimed = accept(link, Optional.of(installed.browser()));

    assertThat(claimed)
        .isInstanceOfSatisfying(
            ClaimOutcome.Claimed.class,
            it -> assertThat(it.install()).isEqualTo(installed.landing().connection()));
    assertThat(scene.installs.ownerOf(installed.landing().connection())).contains(ACME);
    assertThat(accept(link, Optional.of(installed.browser())))
        .isEqualTo(new ClaimOutcome.Staying(new ClaimLink.Closed(Link.Reason.USED)));
    assertThat(look(claimLink(OTHER), Optional.of(installed.browser())))
        .isInstanceOf(ClaimLink.BeforeInstall.class);
  }

  @Test
  @Requirement("BE-4")
  void aStrangersLinkFindsNothingToClaim() {
    installed("the-code");

    assertThat(accept(claimLink(OTHER), Optional.of(new SecureRandomText().secret())))
        .isInstanceOf(ClaimOutcome.Armed.class);
    assertThat(scene.installs.ownerOf(scene.installs.begun().getFirst().connection())).isEmpty();
  }

  @Test
  @Requirement("BE-4")
  void anInstallIsOfferedToALinkOnlySoLong() {
    Installed installed = installed("the-code");
    scene.time.advance(Duration.ofMinutes(31));

    assertThat(look(claimLink(ACME), Optional.of(installed.browser())))
        .isInstanceOf(ClaimLink.BeforeInstall.class);
  }

  @Test
  @Requirement("BE-18")
  void anInstallOfAnAccountThatBelongsToAnotherTenantStaysWithThatTenant() {
    ConnectionId known = new ConnectionId("known");
    scene.installs.landsAt(known);
    scene.installs.belongs(known, OTHER);
    String link = claimLink(ACME);
    Secret browser = arm(link, Optional.empty());

    Installed installed = installed("the-code", Optional.of(browser));

    assertThat(installed.tenant()).isEmpty();
    assertThat(scene.installs.ownerOf(known)).contains(OTHER);
    assertThat(scene.claims.stateOf(link)).isEqualTo(TicketState.OPEN);
  }

  @Test
  void aLinkThatIsUnknownOrOverSaysSo() {
    String link = claimLink(ACME);
    scene.time.advance(Duration.ofDays(1));

    assertThat(look(link, Optional.empty())).isEqualTo(new ClaimLink.Closed(Link.Reason.EXPIRED));
    assertThat(look("guessed", Optional.empty()))
        .isEqualTo(new ClaimLink.Closed(Link.Reason.UNKNOWN));
    assertThat(look(new SecureRandomText().secret().reveal(), Optional.empty()))
        .isEqualTo(new ClaimLink.Closed(Link.Reason.UNKNOWN));
  }

  @Test
  void claimLinksAreForProvidersThatStartInstallsOnly() {
    assertThat(
            value(
                new Scene().claimInvitations.invite(ACME, Scene.REGISTRATION, Duration.ofDays(1))))
        .isInstanceOf(ClaimInvitations.Outcome.NotPossible.class);
  }

  @Test
  void anOutcomeNamesNoSecret() {
    Installed installed = installed("the-code");

    assertThat(installed.toString()).doesNotContain("the-code", installed.browser().reveal());
  }

  @Test
  void whatIsOldIsForgotten() {
    installed("the-code");
    scene.time.advance(Duration.ofDays(2));

    value(scene.cleaner.sweep());

    assertThat(scene.installCodes.count()).isZero();
  }

  private Installed installed(String code) {
    return installed(code, Optional.empty());
  }

  private Installed installed(String code, Optional<Secret> browser) {
    CallbackOutcome outcome = come(scene, "code=" + code, browser);
    assertThat(outcome).isInstanceOf(Installed.class);
    return (Installed) outcome;
  }

  private CallbackOutcome come(String query) {
    return come(scene, query, Optional.empty());
  }

  private static CallbackOutcome come(Scene scene, String query, Optional<Secret> browser) {
    return value(scene.callback.answer(Scene.REGISTRATION, query, Scene.visitor(browser)));
  }

  private String claimLink(TenantId tenant) {
    ClaimInvitations.Outcome outcome =
        value(scene.claimInvitations.invite(tenant, Scene.REGISTRATION, Duration.ofDays(1)));
    String path = ((ClaimInvitations.Outcome.Invited) outcome).invitation().link().getPath();
    return path.substring("/claim/".length());
  }

  private ClaimLink look(String link, Optional<Secret> browser) {
    return value(scene.claimLinks.look(link, browser));
  }

  private ClaimOutcome accept(String link, Optional<Secret> browser) {
    return value(scene.claimLinks.accept(link, browser));
  }

  private Secret arm(String link, Optional<Secret> browser) {
    ClaimOutcome outcome = accept(link, browser);
    assertThat(outcome).isInstanceOf(ClaimOutcome.Armed.class);
    return ((ClaimOutcome.Armed) outcome).browser();
  }

  private static CallbackOutcome refused() {
    return new CallbackOutcome.Refused(Refusal.STATE_MISSING, Optional.empty());
  }

  private static CallbackOutcome failed(Failure failure, boolean again) {
    return new CallbackOutcome.InstallFailed(Scene.REGISTRATION, failure, again);
  }
}
