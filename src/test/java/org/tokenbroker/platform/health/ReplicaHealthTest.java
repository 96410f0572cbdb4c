package org.tokenbroker.platform.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.vertx.http.HttpsServerStart;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

class ReplicaHealthTest {
  private final ServingDoor door = new ServingDoor();

  @Test
  @Requirement("K-5")
  void aReplicaWhoseDoorIsClosedIsNotReady() {
    HealthCheckResponse answer = health(new Loading("catalogue", true));

    assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
    assertThat(answer.getData()).contains(Map.of("door", "closed"));
  }

  @Test
  @Requirement("K-5")
  void aReplicaThatStillLoadsIsNotReadyAndSaysWhat() {
    open();

    HealthCheckResponse answer =
        health(
            new Loading("rules", false), new Loading("catalogue", false), new Loading("x", true));

    assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
    assertThat(answer.getData())
        .contains(Map.of("door", "accepting", "loading", "catalogue, rules"));
  }

  @Test
  @Requirement("K-5")
  void anOpenDoorAndEverythingLoadedIsReady() {
    open();

    assertThat(health(new Loading("catalogue", true)).getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void loadingThatFailsOrHangsIsNotDoneYet() {
    open();

    HealthCheckResponse answer =
        health(
            new Loading("hangs", Uni.createFrom().nothing()),
            new Loading("fails", Uni.createFrom().failure(new IllegalStateException("marker"))));

    assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
    assertThat(answer.getData()).contains(Map.of("door", "accepting", "loading", "fails, hangs"));
  }

  @Test
  void aReplicaWithNothingToLoadNeedsItsDoorOnly() {
    open();

    assertThat(health().getStatus()).isEqualTo(Status.UP);
  }

  private void open() {
    door.opened(new HttpsServerStart(new HttpServerOptions()));
  }

  private HealthCheckResponse health(StartLoading... loadings) {
    return new ReplicaHealth(door, List.of(loadings), Duration.ofMillis(200))
        .answer("can_answer")
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  private record Loading(String name, Uni<Boolean> loaded) implements StartLoading {
    Loading(String name, boolean loaded) {
      this(name, Uni.createFrom().item(loaded));
    }
  }
}
