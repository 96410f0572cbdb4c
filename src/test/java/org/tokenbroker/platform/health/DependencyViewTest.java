package org.tokenbroker.platform.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.health.DependencyState.Down;
import org.tokenbroker.platform.health.DependencyState.Up;

class DependencyViewTest {
  @Test
  @Requirement("K-5")
  void aDependencyThatIsUpIsShownByItsName() {
    HealthCheckResponse entry = entry(Uni.createFrom().item(new Up()));

    assertThat(entry.getName()).isEqualTo("safe");
    assertThat(entry.getStatus()).isEqualTo(Status.UP);
  }

  @Test
  @Requirement("K-5")
  void aDependencyThatIsDownSaysWhy() {
    HealthCheckResponse entry = entry(Uni.createFrom().item(new Down("not_serving")));

    assertThat(entry.getStatus()).isEqualTo(Status.DOWN);
    assertThat(entry.getData()).contains(Map.of("reason", "not_serving"));
  }

  @Test
  void aDependencyThatDoesNotAnswerInTimeIsDown() {
    HealthCheckResponse entry = entry(Uni.createFrom().nothing());

    assertThat(entry.getStatus()).isEqualTo(Status.DOWN);
    assertThat(entry.getData()).contains(Map.of("reason", "timeout"));
  }

  @Test
  void aFailureIsDownAndItsTextStaysOut() {
    HealthCheckResponse entry =
        entry(Uni.createFrom().failure(new IllegalStateException("marker of upstream text")));

    assertThat(entry.getStatus()).isEqualTo(Status.DOWN);
    assertThat(entry.getData()).contains(Map.of("reason", "unknown"));
  }

  @Test
  void aThrownFailureIsDownToo() {
    HealthCheckResponse entry =
        entry(
            Uni.createFrom()
                .deferred(
                    () -> {
                      throw new IllegalStateException("marker of upstream text");
                    }));

    assertThat(entry.getData()).contains(Map.of("reason", "unknown"));
  }

  @Test
  void aSentenceIsNoReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Down("permission denied for token hvs.x"))
        .withMessage("a reason is a snake_case name");
  }

  private static HealthCheckResponse entry(Uni<DependencyState> state) {
    return DependencyView.entry(new Asked(state), Duration.ofMillis(200))
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  private record Asked(Uni<DependencyState> state) implements Dependency {
    @Override
    public String name() {
      return "safe";
    }
  }
}
