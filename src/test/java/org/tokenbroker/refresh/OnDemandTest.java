package org.tokenbroker.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.refresh.Freshener.Freshened;
import org.tokenbroker.refresh.Freshener.Reason;
import org.tokenbroker.token.Generation;

class OnDemandTest {
  private static final Generation FIRST = new Generation(1);

  private final RefreshScene scene = RefreshScene.due();
  private final Freshener freshener = scene.onDemand();

  @Test
  @Requirement({"G-12", "BE-16"})
  void aReportOfTheNewestGenerationRefreshesIt() {
    assertThat(freshen(Reason.REPORTED)).isEqualTo(new Freshened.Newer(new Generation(2)));
  }

  @Test
  @Requirement({"G-12", "BE-16"})
  void aReportOfAnOlderGenerationIsAnsweredWithTheNewerOneWithoutARefresh() {
    freshen(Reason.REPORTED);

    assertThat(freshen(Reason.REPORTED)).isEqualTo(new Freshened.Newer(new Generation(2)));
    assertThat(scene.requests).hasSize(1);
  }

  @Test
  @Requirement("G-12")
  void reportsCauseAtMostOneRefreshInThirtySeconds() {
    freshen(Reason.REPORTED);
    scene.time.advance(Duration.ofSeconds(10));

    Freshened answer =
        RefreshScene.now(freshener.freshen(RefreshScene.ID, new Generation(2), Reason.REPORTED));

    assertThat(answer).isEqualTo(new Freshened.NotNow(Duration.ofSeconds(20)));
    assertThat(scene.requests).hasSize(1);
  }

  @Test
  @Requirement("G-12")
  void aReportIsToldHowLongTheProviderAllowsNoRefresh() {
    scene.refreshWords = "min_interval: 1h";

    assertThat(freshen(Reason.REPORTED)).isEqualTo(new Freshened.NotNow(Duration.ofMinutes(15)));
    assertThat(freshen(Reason.TOO_LITTLE_LIFE))
        .isEqualTo(new Freshened.NotNow(Duration.ofMinutes(15)));
    assertThat(scene.requests).isEmpty();
  }

  @Test
  @Requirement("X-3")
  void aHundredCallersShareOneRefreshAndOneWhoLeavesDoesNotEndIt() {
    List<UniEmitter<? super TokenReply>> provider = new ArrayList<>();
    scene.provider = () -> Uni.createFrom().<TokenReply>emitter(emitter -> provider.add(emitter));
    List<UniAssertSubscriber<Freshened>> callers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      callers.add(
          freshener
              .freshen(RefreshScene.ID, FIRST, Reason.TOO_LITTLE_LIFE)
              .subscribe()
              .withSubscriber(UniAssertSubscriber.create()));
    }
    callers.removeFirst().cancel();

    provider.forEach(call -> call.complete(scene.granted("at-2", Optional.of("rt-2"))));

    assertThat(provider).hasSize(1);
    assertThat(callers)
        .allSatisfy(
            caller ->
                assertThat(caller.assertCompleted().getItem())
                    .isEqualTo(new Freshened.Newer(new Generation(2))));
  }

  @Test
  void aConnectionThatBacksOffIsLeftAlone() {
    scene.health = new Health.Ailing(Ailment.PROVIDER_UNREACHABLE, 3, scene.time.instant());
    scene.dueAt = Optional.of(scene.time.instant().plusSeconds(42));

    assertThat(freshen(Reason.TOO_LITTLE_LIFE))
        .isEqualTo(new Freshened.NotNow(Duration.ofSeconds(42)));
    assertThat(scene.requests).isEmpty();
  }

  @Test
  void aProviderThatGaveTheSameTokenAgainIsNotAskedByEveryReader() {
    scene.dueAt = Optional.of(scene.time.instant().plusSeconds(300));

    assertThat(freshen(Reason.TOO_LITTLE_LIFE))
        .isEqualTo(new Freshened.NotNow(Duration.ofSeconds(300)));
    assertThat(scene.requests).isEmpty();
  }

  @Test
  void onlyTheOwnerCanMendWhatNeedsConsent() {
    scene.health = new Health.NeedsConsent(ConsentCause.REFUSED_BY_PROVIDER, scene.time.instant());

    assertThat(freshen(Reason.TOO_LITTLE_LIFE)).isEqualTo(new Freshened.ConsentRequired());
  }

  @Test
  @Requirement("G-13")
  void onlyTheOwnerCanMendWhatWasRevoked() {
    scene.health = new Health.Revoked(scene.time.instant());

    assertThat(freshen(Reason.TOO_LITTLE_LIFE)).isEqualTo(new Freshened.ConsentRequired());
    assertThat(scene.requests).isEmpty();
  }

  @Test
  void nobodyElsesTokensAreAskedForWhenItIsDisabled() {
    scene.health = new Health.Disabled(scene.health, scene.time.instant());

    assertThat(freshen(Reason.TOO_LITTLE_LIFE)).isEqualTo(new Freshened.Gone());
    assertThat(scene.requests).isEmpty();
  }

  private Freshened freshen(Reason reason) {
    return RefreshScene.now(freshener.freshen(RefreshScene.ID, FIRST, reason));
  }
}
