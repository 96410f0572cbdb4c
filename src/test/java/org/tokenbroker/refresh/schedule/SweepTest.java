package org.tokenbroker.refresh.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Here;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.refresh.ReaderRefresh;
import org.tokenbroker.refresh.RefreshConfig;

class SweepTest {
  private final ReaderRefresh refresh = new ReaderRefresh();
  private final Sweep sweep =
      new Sweep(
          refresh.lease(),
          refresh.refresher(),
          refresh.onDemand(),
          new NoProfiles(),
          refresh.writer(),
          refresh.pause(),
          new Here(),
          new Defaults(),
          InstantSource.system(),
          new SimpleMeterRegistry());

  @Test
  @Requirement("G-1")
  void aStoppingReplicaWaitsForARefreshThatAReaderBeganAndLeft() {
    refresh.begin();

    UniAssertSubscriber<Void> drained =
        sweep.drained().subscribe().withSubscriber(UniAssertSubscriber.create());
    refresh.pause().elapse();
    drained.assertNotTerminated();

    refresh.failSafe();
    refresh.answer();
    refresh.pause().elapse();
    drained.assertNotTerminated();

    refresh.mendSafe();
    refresh.pause().elapse();
    refresh.pause().elapse();
    drained.assertCompleted();
    assertThat(refresh.storedRefreshToken()).isEqualTo("rt-2");
  }

  @Test
  void startsWithFewAndDoublesEveryTenSecondsUpToTheLimit() {
    assertThat(sweep.allowance(Duration.ZERO)).isEqualTo(8);
    assertThat(sweep.allowance(Duration.ofSeconds(10))).isEqualTo(16);
    assertThat(sweep.allowance(Duration.ofSeconds(29))).isEqualTo(32);
    assertThat(sweep.allowance(Duration.ofDays(400))).isEqualTo(64);
  }

  private static final class NoProfiles implements Profiles {
    @Override
    public Optional<Profile> find(String id) {
      return Optional.empty();
    }

    @Override
    public List<Profile> all() {
      return List.of();
    }
  }

  private static final class Defaults implements RefreshConfig {
    @Override
    public Duration sweepEvery() {
      return Duration.ofSeconds(1);
    }

    @Override
    public int maxInFlight() {
      return 64;
    }

    @Override
    public int startInFlight() {
      return 8;
    }

    @Override
    public Duration drain() {
      return Duration.ofSeconds(25);
    }
  }
}
