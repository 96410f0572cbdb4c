package org.tokenbroker.consent.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
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
import org.tokenbroker.consent.ConsentSubject;
import org.tokenbroker.consent.ProviderError;
import org.tokenbroker.consent.Refusal;
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
  private static final URI RESTART = URI.create("https://broker.example/consent/the-ticket");

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
    assertThat(notices.of(new CallbackOutcome.NoCode(CONNECTION, error, TICKET)).restart())
        .contains(RESTART);
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void whoseAgreementFailedCanStartAgainAndIsToldSoByTheStatus(Failure failure) {
    Notice notice = notices.of(new CallbackOutcome.Failed(CONNECTION, failure, TICKET));

    assertThat(notice.restart()).contains(RESTART);
    assertThat(notice.status()).isGreaterThanOrEqualTo(500);
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void whoIsTurnedAwayGetsNoLink(Refusal refusal) {
    Notice notice = notices.of(new CallbackOutcome.Refused(refusal, Optional.of(CONNECTION)));

    assertThat(notice.restart()).isEmpty();
    assertThat(notice.status()).isBetween(400, 499);
  }

  @Test
  void everyOutcomeIsCountedUnderALabelThatExistsFromTheStart() {
    List<String> labels = outcomes().map(CallbackLabels::of).toList();

    assertThat(CallbackLabels.all()).containsExactlyInAnyOrderElementsOf(new HashSet<>(labels));
    assertThat(labels).doesNotHaveDuplicates().allMatch(label -> label.matches("[a-z_]+"));
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
            Stream.of(ProviderError.values())
                .map(error -> new CallbackOutcome.NoCode(CONNECTION, error, TICKET)),
            Stream.of(Failure.values())
                .map(failure -> new CallbackOutcome.Failed(CONNECTION, failure, TICKET)),
            Stream.of(Refusal.values())
                .map(refusal -> new CallbackOutcome.Refused(refusal, Optional.of(CONNECTION))))
        .flatMap(outcomes -> outcomes);
  }
}
