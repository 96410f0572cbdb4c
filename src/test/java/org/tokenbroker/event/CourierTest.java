package org.tokenbroker.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.event.Samples.HOOK;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeVersion;

class CourierTest {
  private static final SafePath PATH = SafePath.of("webhooks", "hook");

  private final HandTime time = HandTime.atNoon();
  private final MemorySafe vault = new MemorySafe();
  private final WebhookSafe safe = new WebhookSafe(vault);
  private final ScriptedOutbox outbox = new ScriptedOutbox();
  private final List<Letter> posted = new ArrayList<>();
  private final List<String> attempts = new ArrayList<>();

  private Receipt answer = new Receipt.Answered(200, Optional.empty());

  @BeforeEach
  void keepASecret() {
    safe.write(HOOK, WebhookSecrets.only(Samples.secret(1)), SafeVersion.ABSENT)
        .await()
        .indefinitely();
  }

  @Test
  void anEventLeavesTheOutboxWhenItsReceiverHasAcceptedIt() {
    deliver();

    assertThat(posted)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.id()).isEqualTo("6a1f3c0e-0000-4000-8000-000000000001");
              assertThat(letter.body()).startsWith("{\"specversion\":\"1.0\",\"id\":\"6a1f3c0e-");
              assertThat(letter.signatures()).hasSize(1);
            });
    assertThat(outbox.written()).containsExactly("delivered");
    assertThat(attempts).containsExactly("delivered");
  }

  @Test
  void aFailedAttemptIsFollowedByAnother() {
    answer = new Receipt.Answered(500, Optional.empty());

    deliver();

    assertThat(outbox.written()).containsExactly("again SERVER_ERROR later");
    assertThat(attempts).containsExactly("server_error");
  }

  @Test
  void onceItsTimeIsOverAFailedAttemptIsTheLast() {
    answer = new Receipt.Unanswered(Failure.UNREACHABLE);
    time.advance(Duration.ofHours(73));

    deliver();

    assertThat(outbox.written()).containsExactly("given up UNREACHABLE");
    assertThat(attempts).containsExactly("unreachable", "given_up");
  }

  @Test
  void aReceiverThatIsGoneIsLeftAlone() {
    answer = new Receipt.Answered(410, Optional.empty());

    deliver();

    assertThat(outbox.written()).containsExactly("gone");
  }

  @Test
  void whileTheSafeIsAwayNothingIsSentAndNobodyIsBlamed() {
    vault.goDown();

    deliver();

    assertThat(posted).isEmpty();
    assertThat(outbox.written()).containsExactly("postponed to " + time.instant().plusSeconds(10));
  }

  @Test
  void withoutASecretNothingIsSent() {
    vault.destroy(PATH).await().indefinitely();

    deliver();

    assertThat(posted).isEmpty();
    assertThat(outbox.written()).containsExactly("again SECRET_MISSING later");
  }

  /** Another replica may be about to take over. */
  @Test
  void aHolderThatWasHeldUpForLongSendsNothing() {
    Instant leasedAt = time.instant();
    time.advance(Duration.ofSeconds(11));

    courier().deliver(Samples.delivery(0), leasedAt).await().indefinitely();

    assertThat(posted).isEmpty();
    assertThat(outbox.written()).isEmpty();
  }

  @Test
  void theSecretBeforeSignsTooUntilItsTimeIsOverAndIsForgottenThen() {
    WebhookSecrets both =
        WebhookSecrets.only(Samples.secret(1))
            .rotated(Samples.secret(2), time.instant().plusSeconds(60));
    safe.write(HOOK, both, new SafeVersion(1)).await().indefinitely();

    deliver();
    time.advance(Duration.ofSeconds(60));
    deliver();

    assertThat(posted).extracting(letter -> letter.signatures().size()).containsExactly(2, 1);
    assertThat(Objects.requireNonNull(vault.documents().get(PATH)).document().fields())
        .isEqualTo(Map.of("secret", Samples.secretText(2)));
  }

  private void deliver() {
    courier().deliver(Samples.delivery(0), time.instant()).await().indefinitely();
  }

  private Courier courier() {
    return new Courier(
        safe, this::receive, outbox, observer(), new Settings(), new ObjectMapper(), time);
  }

  private Uni<Receipt> receive(URI url, Letter letter) {
    posted.add(letter);
    return Uni.createFrom().item(answer);
  }

  private EventObserver observer() {
    return new EventObserver() {
      @Override
      public void placed(Map<Kind, Integer> events) {}

      @Override
      public void attempted(String outcome) {
        attempts.add(outcome);
      }
    };
  }
}
