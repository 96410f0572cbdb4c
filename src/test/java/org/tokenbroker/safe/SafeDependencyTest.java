package org.tokenbroker.safe;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokenbroker.platform.health.DependencyState;

class SafeDependencyTest {
  @Test
  void aWritableSafeIsUp() {
    assertThat(viewOf(new SafeState.Writable())).isEqualTo(new DependencyState.Up());
  }

  @ParameterizedTest
  @EnumSource
  void anUnavailableSafeIsDownForAReasonThatCanBeShown(SafeFault fault) {
    assertThat(viewOf(new SafeState.Unavailable(fault)))
        .isInstanceOfSatisfying(
            DependencyState.Down.class,
            down -> assertThat(down.reason()).isEqualToIgnoringCase(fault.name()));
  }

  private static DependencyState viewOf(SafeState state) {
    return new SafeDependency(new Told(state)).state().await().atMost(Duration.ofSeconds(1));
  }

  /** A safe that is as the test says. */
  private record Told(SafeState state) implements SafeHealth {
    @Override
    public Uni<SafeState> probe() {
      return Uni.createFrom().item(state);
    }

    @Override
    public SafeActivity activity() {
      return SafeActivity.NONE;
    }
  }
}
