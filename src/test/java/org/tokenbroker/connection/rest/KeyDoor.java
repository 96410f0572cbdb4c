package org.tokenbroker.connection.rest;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import org.tokenbroker.fixture.Certificates;

/** The TLS door of a broker that keeps API keys: who puts them, and who gets them. */
record KeyDoor(URI door) {

  RequestSpecification operator() {
    return given().config(Certificates.shared().operator().restAssured()).baseUri(door.toString());
  }

  RequestSpecification consumer(String account) {
    return given()
        .config(Certificates.shared().consumer(account).restAssured())
        .baseUri(door.toString());
  }

  /** As an operator. */
  ValidatableResponse put(String path, JsonObject body) {
    return operator().contentType("application/json").body(body.encode()).put(path).then();
  }

  /** A connection of the own portal that is this key. */
  static JsonObject key(String registration, String value) {
    return new JsonObject()
        .put("tenant", OwnKeys.OWN)
        .put("registration", registration)
        .put("grant_type", "api_key")
        .put("api_key", value)
        .put("metadata", new JsonObject().put("portal", "ours"));
  }

  /**
   * Lets a consumer of its own have the connection.
   *
   * @param keys whether API keys are let out too
   */
  void allow(String connection, boolean keys) {
    put(
            "/v1/access-rules/" + connection,
            new JsonObject()
                .put("consumer", Certificates.consumerId(connection))
                .put("connection", connection)
                .put("all_scopes", true)
                .put("api_keys", keys))
        .statusCode(201);
  }

  /** By the consumer of its own. */
  Response asked(String connection) {
    return consumer(connection).get("/v1/connections/" + connection + "/token");
  }
}
