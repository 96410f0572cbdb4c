package org.tokenbroker.event;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.tokenbroker.fixture.Certificates;

/** An operator at the TLS door of a broker under test. */
public record OperatorApi(URI door) {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  public RequestSpecification asks() {
    return given()
        .config(Certificates.shared().operator().restAssured())
        .baseUri(door.toString())
        .contentType("application/json");
  }

  public Response puts(String webhook, JsonObject body) {
    return asks().body(body.encode()).put("/v1/webhooks/{id}", webhook);
  }

  public JsonObject sees(String webhook) {
    return new JsonObject(asks().get("/v1/webhooks/{id}", webhook).asString());
  }

  /** Until a webhook's view has this value in this member. */
  public void waitsFor(String webhook, String member, Object value) {
    Awaitility.await(webhook + " has " + member + " " + value)
        .atMost(PATIENCE)
        .until(() -> sees(webhook).getValue(member), value::equals);
  }
}
