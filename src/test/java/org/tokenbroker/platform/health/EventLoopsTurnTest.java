package org.tokenbroker.platform.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

class EventLoopsTurnTest {
  private final EventExecutorGroup loops = new NioEventLoopGroup(2);

  @AfterEach
  void stopLoops() throws InterruptedException {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  @Test
  @Requirement("K-5")
  void loopsThatTurnAreAlive() {
    assertThat(check().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  @Requirement("K-5")
  void oneLoopThatIsStuckIsNotAliveUntilItTurnsAgain() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    loops.next().execute(() -> holdUp(stuck, release));
    assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();

    HealthCheckResponse whileStuck = check();
    release.countDown();
    HealthCheckResponse afterwards = check();

    assertThat(whileStuck.getStatus()).isEqualTo(Status.DOWN);
    assertThat(whileStuck.getData()).contains(Map.of("stuck", 1L));
    assertThat(afterwards.getStatus()).isEqualTo(Status.UP);
  }

  private HealthCheckResponse check() {
    return new EventLoopsTurn(loops, Duration.ofMillis(500))
        .call()
        .await()
        .atMost(Duration.ofSeconds(30));
  }

  private static void holdUp(CountDownLatch stuck, CountDownLatch release) {
    stuck.countDown();
    try {
      assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
