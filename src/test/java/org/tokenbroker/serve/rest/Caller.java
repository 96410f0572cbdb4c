package org.tokenbroker.serve.rest;

import static io.restassured.RestAssured.given;

import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.tokenbroker.fixture.Certificates;

/** Somebody with a certificate, at the TLS door. */
record Caller(String identity, RestAssuredConfig config, URI door) {
  static Caller consumer(String account, URI door) {
    return new Caller(
        Certificates.consumerId(account),
        Certificates.shared().consumer(account).restAssured(),
        door);
  }

  static Caller operator(URI door) {
    return new Caller(Certificates.OPERATOR, Certificates.shared().operator().restAssured(), door);
  }

  RequestSpecification with() {
    return given().config(config).baseUri(door.toString());
  }

  Response get(String path) {
    return with().get(path);
  }

  Response report(String connection, Object body) {
    return with()
        .contentType("application/json")
        .body(body)
        .post("/v1/connections/" + connection + "/token/report");
  }

  /** As an operator: lets that consumer have every token of that tenant. */
  void allow(Caller consumer, String tenant) {
    with()
        .contentType("application/json")
        .body(Map.of("consumer", consumer.identity(), "tenant", tenant, "all_scopes", true))
        .put(
            "/v1/access-rules/"
                + tenant
                + "-"
                + Integer.toHexString(consumer.identity().hashCode()))
        .then()
        .statusCode(201);
  }

  /** As an operator: somebody who may have every token of that tenant. */
  Caller allowed(String account, String tenant) {
    Caller consumer = consumer(account, door);
    allow(consumer, tenant);
    return consumer;
  }

  /** As an operator: somebody who may have that connection, and API keys too. */
  Caller allowedKeys(String account, String connection) {
    Caller consumer = consumer(account, door);
    with()
        .contentType("application/json")
        .body(
            Map.of(
                "consumer",
                consumer.identity(),
                "connection",
                connection,
                "all_scopes",
                true,
                "api_keys",
                true))
        .put("/v1/access-rules/keys-" + connection)
        .then()
        .statusCode(201);
    return consumer;
  }

  /** As an operator: tokens with no more than these scopes. */
  void allowOnly(Caller consumer, String tenant, String... scopes) {
    with()
        .contentType("application/json")
        .body(Map.of("consumer", consumer.identity(), "tenant", tenant, "scopes", List.of(scopes)))
        .put("/v1/access-rules/only-" + tenant)
        .then()
        .statusCode(201);
  }
}
