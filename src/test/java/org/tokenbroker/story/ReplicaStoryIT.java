package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.BrokerProcess;
import org.tokenbroker.fixture.Requirement;

class ReplicaStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Provider brief = world.brief();

  @Test
  @Requirement({"K-7", "X-3", "I2"})
  void twoReplicasServeTheSameGenerationsAndRefreshEachOnce() {
    world.withSecondReplica(this::bothServeAndRefreshOnce);
  }

  private void bothServeAndRefreshOnce(BrokerProcess second) {
    operator.registers("twin-app", brief, Proof.SECRET_IN_HEADER);
    operator.connects("twin", "twin-tenant", "twin-app");
    Consumer here = operator.allows("twin-pod", "twin");
    Consumer there = here.at(second);
    world.owner("twin-owner").agreesTo(operator.invites("twin"), brief);
    ServedToken first = here.fetches("twin");
    assertThat(there.waitsFor("twin", 200).asString()).contains(first.value());

    Awaitility.await("both replicas serve generation " + (first.generation() + 2))
        .atMost(PATIENCE)
        .until(
            () ->
                Math.min(here.fetches("twin").generation(), there.fetches("twin").generation())
                    >= first.generation() + 2);

    ServedToken one = here.fetches("twin");
    Instant from = Instant.now();
    there.waitsForGeneration("twin", one.generation());
    assertThat(Duration.between(from, Instant.now())).isLessThan(Duration.ofSeconds(5));
    assertThat(brief.server().ledger().overlaps()).isEmpty();
    assertThat(brief.server().ledger().reuse()).isEmpty();

    operator.deletes("twin");

    Awaitility.await("the other replica knows of the end")
        .atMost(Duration.ofSeconds(5))
        .until(() -> there.asksFor("twin").statusCode() == 404);
  }
}
