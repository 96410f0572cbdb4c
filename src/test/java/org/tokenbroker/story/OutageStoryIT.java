package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

class OutageStoryIT {
  private static final int READS = 200;
  private static final Duration OUTAGE = Duration.ofSeconds(8);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final World world = World.shared();
  private final Operator operator = world.operator();

  @Test
  @Requirement("G-3")
  void aWarmReadAsksNeitherPostgresqlNorTheSafe() {
    Consumer consumer = machine("hot", world.lasting());
    ServedToken token = consumer.waitsForGeneration("hot", 1);
    String safePath = World.MOUNT + "/data/token-broker/connections/hot";
    waitsUntilTheChangeFeedRepeatsNothing(consumer, safePath);
    world.database().execute("alter system set log_statement = 'all'", "select pg_reload_conf()");
    try {
      Awaitility.await("PostgreSQL logs statements with their parameters")
          .atMost(PATIENCE)
          .until(() -> statementsAbout("hot", () -> operator.sees("hot")) > 0);
      long askedOfTheSafe = world.vaultAudit().count(safePath);

      long statements =
          statementsAbout(
              "hot",
              () -> {
                for (int read = 0; read < READS; read++) {
                  assertThat(consumer.fetches("hot").value()).isEqualTo(token.value());
                }
              });

      assertThat(askedOfTheSafe).as("the audit sees reads of this credential").isPositive();
      assertThat(world.vaultAudit().count(safePath)).isEqualTo(askedOfTheSafe);
      assertThat(statements).isZero();
    } finally {
      world.database().execute("alter system reset log_statement", "select pg_reload_conf()");
    }
  }

  @Test
  @Requirement("K-5")
  void withBothEnginesDownWarmTokensAreServedAndAfterwardsNobodyIsAskedAgain() {
    Consumer warm = machine("enduring", world.lasting());
    Consumer cold = machine("cold", world.lasting());
    operator.registers("interrupted-app", world.brief(), Proof.SECRET_IN_HEADER);
    operator.connects("interrupted", "outage-tenant", "interrupted-app");
    Consumer renewing = operator.allows("interrupted-pod", "interrupted");
    world.owner("patient-owner").agreesTo(operator.invites("interrupted"), world.brief());
    long before = renewing.fetches("interrupted").generation();
    ServedToken token = warm.waitsForGeneration("enduring", 1);
    operator.waitsForState("cold", "active");

    List<Response> during = new ArrayList<>();
    Response neverRead;
    world.vault().seal();
    world.postgres().stop();
    try {
      Awaitility.await("warm reads through the outage")
          .during(OUTAGE)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(250))
          .until(() -> during.add(warm.asksFor("enduring")));
      neverRead = cold.asksFor("cold");
      assertThat(world.broker().health("live")).isEqualTo(200);
      assertThat(world.broker().health("ready")).isEqualTo(200);
    } finally {
      world.postgres().restart();
      world.vault().unseal();
    }

    assertThat(during).hasSizeGreaterThan(10).allMatch(answer -> answer.statusCode() == 200);
    assertThat(during).allMatch(answer -> answer.asString().contains(token.value()));
    assertThat(neverRead.statusCode()).isEqualTo(503);
    assertThat(neverRead.header("Retry-After")).isNotNull();
    renewing.waitsFor("interrupted", 200);
    assertThat(renewing.waitsForGeneration("interrupted", before + 1).generation())
        .isGreaterThan(before);
    operator.waitsForState("interrupted", "active");
    assertThat(world.brief().server().ledger().reuse()).isEmpty();
    assertThat(cold.waitsFor("cold", 200).statusCode()).isEqualTo(200);
    operator.deletes("interrupted");
  }

  @Test
  @Requirement("MO-2")
  void aReplicaThatIsKilledGoesOnWithoutItsOwners() {
    operator.registers("killed-app", world.brief(), Proof.SECRET_IN_HEADER);
    operator.connects("killed", "killed-tenant", "killed-app");
    Consumer consumer = operator.allows("killed-pod", "killed");
    world.owner("sleeping-owner").agreesTo(operator.invites("killed"), world.brief());
    long first = consumer.fetches("killed").generation();
    operator.waitsForGeneration("killed", first + 1);

    world.broker().kill();
    world.broker().restart();

    consumer.waitsFor("killed", 200);
    consumer.waitsForGeneration("killed", first + 3);
    assertThat(operator.stateOf("killed")).isEqualTo("active");
    assertThat(world.brief().server().ledger().reuse()).isEmpty();
    operator.deletes("killed");
  }

  /** For a while the feed repeats each change, and each repetition costs one read of the safe. */
  private void waitsUntilTheChangeFeedRepeatsNothing(Consumer consumer, String safePath) {
    Awaitility.await("reads stay in memory")
        .during(Duration.ofSeconds(6))
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              long asked = world.vaultAudit().count(safePath);
              return consumer.fetches("hot").generation() > 0
                  && world.vaultAudit().count(safePath) == asked;
            });
  }

  private Consumer machine(String name, Provider provider) {
    operator.registers(name + "-app", provider, Proof.SECRET_IN_BODY);
    operator.connectsMachine(name, "outage-tenant", name + "-app");
    return operator.allows(name + "-pod", name);
  }

  /** Lines that PostgreSQL logs meanwhile and that name this connection. */
  private long statementsAbout(String connection, Runnable meanwhile) {
    int from = world.postgres().log().length();
    meanwhile.run();
    return world
        .postgres()
        .log()
        .substring(from)
        .lines()
        .filter(line -> line.contains("'" + connection + "'"))
        .count();
  }
}
