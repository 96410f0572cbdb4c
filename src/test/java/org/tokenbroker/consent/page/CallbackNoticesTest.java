package org.tokenbroker.consent.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.consent.CallbackOutcome;
import org.tokenbroker.consent.CallbackOutcome.Failure;
import org.tokenbroker.consent.CallbackOutcome.Names;
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.consent.Landing;
import org.tokenbroker.consent.ProviderError;
import org.tokenbroker.consent.Refusal;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.TenantId;

class CallbackNoticesTest {
  private static final ConnectionId CONNECTION = new ConnectionId("acme-crm");
  private static final ConsentSubject SUBJECT =
      new ConsentSubject(
          CONNECTION, new TenantId("acme"), new RegistrationId("crm"), Scopes.of("a"));
  private static final Secret TICKET = Secret.of("the-ticket");
  private static final Notice.Link RESTART =
      new Notice.Link(URI.create("https://broker.example/consent/the-ticket"), "Start again");
  private static final RegistrationId REGISTRATION = new RegistrationId("shop");
  private static final Names NAMES = new Names("Acme Planner", "Acme");
  private static final URI BACK = URI.create("https://app.provider.example/apps/7");

  private final CallbackNotices notices = new CallbackNotices(URI.create("https://broker.example"));

  @ParameterizedTest
  @MethodSource("outcomes")
  void everyOutcomeHasAPageWithWhatHappenedAndWhatToDo(CallbackOutcome outcome) {
    Notice notice = notices.of(outcome);

    assertThat(notice.heading()).endsWith(".");
    assertThat(notice.paragraphs()).isNotEmpty().allSatisfy(text -> assertThat(text).endsWith("."));
    assertThat(notice.status()).isBetween(200, 599);
  }

  @ParameterizedTest
  @EnumSource(ProviderError.class)
  void whoCameBackWithoutACodeCanStartAgain(ProviderError error) {
    assertThat(notices.of(new CallbackOutcome.NoCode(CONNECTION, error, TICKET)).link())
        .contains(RESTART);
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void whoseAgreementFailedCanStartAgainAndIsToldSoByTheStatus(Failure failure) {
    Notice notice = notices.of(new CallbackOutcome.Failed(CONNECTION, failure, TICKET));

    assertThat(notice.link()).contains(RESTART);
    assertThat(notice.status()).isGreaterThanOrEqualTo(500);
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void whoIsTurnedAwayGetsNoLink(Refusal refusal) {
    Notice notice = notices.of(new CallbackOutcome.Refused(refusal, Optional.of(CONNECTION)));

    assertThat(notice.link()).isEmpty();
    assertThat(notice.status()).isBetween(400, 499);
  }

  @Test
  void everyOutcomeIsCountedUnderALabelThatExistsFromTheStart() {
    List<String> labels = outcomes().map(CallbackLabels::of).toList();

    assertThat(CallbackLabels.all()).containsExactlyInAnyOrderElementsOf(new HashSet<>(labels));
    assertThat(labels).doesNotHaveDuplicates().allMatch(label -> label.matches("[a-z_]+"));
  }

  @Test
  @Requirement("BE-10")
  void whoInstalledIsLedBackToWhereTheProviderWantsAndReadsWhoseItIs() {
    Notice notice = notices.of(installed(new Landing.Known(CONNECTION, Optional.of(BACK))));

    assertThat(notice.heading()).isEqualTo("Acme Planner has been installed.");
    assertThat(notice.link()).contains(new Notice.Link(BACK, "Back to Acme"));
    assertThat(String.join(" ", notice.paragraphs())).contains("It now belongs to acme.");
  }

  @Test
  void whoInstalledWhileTheProviderIsSilentIsToldThatNothingIsLeftToDo() {
    Notice notice = notices.of(installed(new Landing.Waiting(CONNECTION)));

    assertThat(notice.link()).isEmpty();
    assertThat(String.join(" ", notice.paragraphs())).contains("nothing for you to do");
  }

  @Test
  @Requirement("BE-4")
  void aCodeThatCameAgainTellsNothingOfTheInstall() {
    Notice notice = notices.of(new CallbackOutcome.CodeSpent(REGISTRATION));

    assertThat(notice.link()).isEmpty();
    assertThat(notice.toString()).doesNotContain(CONNECTION.value(), "acme", "shop");
  }

  private static CallbackOutcome installed(Landing landing) {
    return new CallbackOutcome.Installed(landing, NAMES, Optional.of(new TenantId("acme")), TICKET);
  }

  static Stream<CallbackOutcome> outcomes() {
    return Stream.of(
            Stream.of(
                new CallbackOutcome.Kept(SUBJECT),
                new CallbackOutcome.Held(SUBJECT),
                new CallbackOutcome.AlreadyDone(CONNECTION),
                new CallbackOutcome.Superseded(CONNECTION),
                new CallbackOutcome.NotWanted(CONNECTION),
                new CallbackOutcome.Unavailable()),
            Stream.of(
                installed(new Landing.Known(CONNECTION, Optional.of(BACK))),
                new CallbackOutcome.InstallHeld(CONNECTION, NAMES, TICKET),
                new CallbackOutcome.CodeSpent(REGISTRATION),
                new CallbackOutcome.TooMany(REGISTRATION, Duration.ofSeconds(3))),
            Stream.of(Failure.values())
                .map(failure -> new CallbackOutcome.InstallFailed(REGISTRATION, failure, true)),
            Stream.of(ProviderError.values())
                .map(error -> new CallbackOutcome.NoCode(CONNECTION, error, TICKET)),
            Stream.of(Failure.values())
                .map(failure -> new CallbackOutcome.Failed(CONNECTION, failure, TICKET)),
            Stream.of(Refusal.values())
                .map(refusal -> new CallbackOutcome.Refused(refusal, Optional.of(CONNECTION))))
        .flatMap(outcomes -> outcomes);
  }
}
