package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

/** What operators see of a running broker. */
class ObservationStoryIT {
  private static final Pattern METRIC = Pattern.compile("token_broker_[a-z_]+");
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final World world = World.shared();
  private final Operator operator = world.operator();

  /**
   * Names of reliability §5 for all that the broker does. Gauges of one provider or peer come with
   * its first use.
   */
  @Test
  @Requirement({"IV-9", "IV-10"})
  void everyDocumentedMetricIsThere() throws IOException {
    operator.registers("observed-app", world.brief(), Proof.SECRET_IN_BODY);
    operator.connectsMachine("observed-machine", "observed-tenant", "observed-app");
    Consumer consumer = operator.allows("observed-pod", "observed-machine");
    consumer.waitsForGeneration("observed-machine", 2);
    discoversInVain();
    signsWithACertificate();
    String fault = aClientThatIsRefused();
    Set<String> documented = documented();
    assertThat(documented)
        .contains(
            "token_broker_refresh_queue_depth",
            "token_broker_refresh_in_flight",
            "token_broker_lease_takeovers_total",
            "token_broker_clock_skew_seconds");

    Awaitility.await("all documented metrics are scraped")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(names(scrape())).containsAll(documented));

    String scraped = scrape();
    assertThat(scraped)
        .contains(
            "token_broker_refresh_duration_seconds_bucket{",
            "token_broker_refresh_lag_seconds_bucket{",
            "token_broker_clock_skew_seconds{peer=\"postgresql\"",
            "token_broker_clock_skew_seconds{peer=\"vault\"")
        .contains("token_broker_registration_faulty{cause=\"invalid_client\"," + fault)
        .doesNotContain("registration=\"observed-app\"", "ops@story.test");
  }

  /** Its labels, but for the cause. */
  private String aClientThatIsRefused() {
    operator.registers(
        "observed-fault",
        world.brief().id(),
        world.canaries().plant("client id", World.marked("client")),
        List.of("read"),
        new JsonObject()
            .put("client_authentication", "client_secret_post")
            .put("client_secret", world.canaries().plant("client secret", World.marked("secret"))));
    operator.connectsMachine("observed-refused", "observed-tenant", "observed-fault");
    operator.waitsForFault("observed-fault", "invalid_client");
    return "provider=\"%s\",registration=\"observed-fault\"".formatted(world.brief().id());
  }

  private void signsWithACertificate() {
    operator.registers(
        "observed-key",
        "oidc",
        world.canaries().plant("client id", World.marked("client")),
        List.of("read"),
        new JsonObject()
            .put("client_authentication", "private_key_jwt")
            .put("variables", new JsonObject().put("issuer", "keys.invalid")));
    RegistrationKeys keys = operator.keysOf("observed-key");
    String kid = keys.generatesCertified("ES256").getString("kid");
    keys.areUploaded(kid);
    assertThat(keys.activate(kid).statusCode()).isEqualTo(200);
  }

  @Test
  void everyLineAboutAConnectionCarriesItsId() {
    operator.registers("named-app", world.brief(), Proof.SECRET_IN_BODY);
    operator.connects("named-connection", "named-tenant", "named-app");
    world.owner("named-owner").agreesTo(operator.invites("named-connection"), world.brief());
    world.brief().server().revokeGrants("named-owner");
    operator.waitsForState("named-connection", "needs_consent");
    operator.deletes("named-connection");

    List<JsonObject> lines =
        Awaitility.await("the log tells of the connection")
            .atMost(PATIENCE)
            .until(this::linesAboutTheConnection, each -> each.size() >= 2);

    assertThat(lines)
        .allSatisfy(
            line ->
                assertThat(line.getJsonObject("mdc", new JsonObject()).getString("connectionId"))
                    .as(line.getString("message"))
                    .isEqualTo("named-connection"));
  }

  /** An issuer that publishes nothing: what came of asking it is counted too. */
  private void discoversInVain() {
    String issuer = world.brief().server().issuer() + "/nothing-is-here";
    operator.registers(
        "observed-oidc",
        "oidc",
        world.canaries().plant("client id", World.marked("client")),
        List.of("openid"),
        new JsonObject()
            .put("client_authentication", "client_secret_basic")
            .put("client_secret", world.canaries().plant("client secret", World.marked("secret")))
            .put("variables", new JsonObject().put("issuer", issuer.replaceFirst("https://", ""))));
    assertThat(operator.asks().get("/v1/registrations/observed-oidc").asString())
        .contains("missing_endpoints");
  }

  private List<JsonObject> linesAboutTheConnection() {
    return world
        .logs()
        .lines()
        .filter(line -> line.startsWith("{") && line.contains("onnection named-connection"))
        .map(JsonObject::new)
        .toList();
  }

  private String scrape() {
    return given().baseUri(world.broker().managementDoor().toString()).get("/q/metrics").asString();
  }

  private static Set<String> documented() throws IOException {
    return Files.readAllLines(Path.of("src", "docs", "operations.md")).stream()
        .filter(line -> line.startsWith("| `token_broker_"))
        .flatMap(line -> METRIC.matcher(line.split("\\|")[1]).results())
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(String scraped) {
    return METRIC
        .matcher(scraped)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
