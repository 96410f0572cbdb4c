package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.tokenbroker.fixture.BrokerProcess;
import org.tokenbroker.fixture.Certificates;

/** A workload that fetches tokens over mTLS. */
final class Consumer {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final World world;
  private final Certificates.Identity identity;
  private final URI door;

  Consumer(World world, Certificates.Identity identity, URI door) {
    this.world = world;
    this.identity = identity;
    this.door = door;
  }

  /** The same workload, served by another replica. */
  Consumer at(BrokerProcess replica) {
    return new Consumer(world, identity, replica.tokenDoor());
  }

  /** A request with its certificate. */
  RequestSpecification asks() {
    return given()
        .config(identity.restAssured())
        .baseUri(door.toString())
        .filter(world.transcript());
  }

  /** Asks for a token, whatever comes. */
  Response asksFor(String connection) {
    return asks().get("/v1/connections/" + connection + "/token");
  }

  /** Asks for a token and gets one. */
  ServedToken fetches(String connection) {
    Response answer = asksFor(connection);
    assertThat(answer.statusCode())
        .as("token of %s: %s", connection, answer.statusCode() == 200 ? "" : answer.asString())
        .isEqualTo(200);
    return ServedToken.of(answer);
  }

  /** Tells that the API refused the token of this generation, whatever comes. */
  Response reports(String connection, long generation) {
    return reports(connection, generation, 401);
  }

  /**
   * @param status of the API's answer
   */
  Response reports(String connection, long generation, int status) {
    return asks()
        .contentType(ContentType.JSON)
        .body(new JsonObject().put("generation", generation).put("status", status).encode())
        .post("/v1/connections/" + connection + "/token/report");
  }

  /** Asks until it is answered with this status. */
  Response waitsFor(String connection, int status) {
    return Awaitility.await(connection + " is answered " + status)
        .atMost(PATIENCE)
        .until(() -> asksFor(connection), answer -> answer.statusCode() == status);
  }

  /** Asks until it gets a token of at least this generation; "not now" (503) may come before. */
  ServedToken waitsForGeneration(String connection, long generation) {
    return Awaitility.await(connection + " is served with generation " + generation)
        .atMost(PATIENCE)
        .until(() -> servedOrNotNow(connection), each -> isAtLeast(each, generation))
        .orElseThrow();
  }

  private Optional<ServedToken> servedOrNotNow(String connection) {
    Response answer = asksFor(connection);
    assertThat(answer.statusCode()).as("token of %s", connection).isIn(200, 503);
    return answer.statusCode() == 200 ? Optional.of(ServedToken.of(answer)) : Optional.empty();
  }

  private static boolean isAtLeast(Optional<ServedToken> token, long generation) {
    return token.filter(each -> each.generation() >= generation).isPresent();
  }
}
