package org.tokenbroker.serve.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health;
import org.tokenbroker.fixture.Requirement;

/** What consumers are answered who report that an API refused a token, over mTLS. */
@QuarkusTest
@TestProfile(ServingOnly.class)
class TokenReportTest {
  private static final String PROBLEM = "application/problem+json";

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @Inject ScriptedEngines engines;

  private Caller operator;

  @BeforeEach
  void enter() {
    operator = Caller.operator(door);
  }

  @Test
  @Requirement({"MK-3", "G-12"})
  void aRefusedKeyWaitsForAnOperator() {
    engines.holdsKey("barred", "barred-tenant", 4, new Health.Active(Instant.EPOCH));
    Caller cart = operator.allowedKeys("barred-reader", "barred");

    cart.report("barred", Map.of("generation", 4, "status", 401))
        .then()
        .statusCode(409)
        .contentType(PROBLEM)
        .body("code", equalTo("api_key_required"))
        .body(not(containsString("key-barred")));

    assertThat(engines.health("barred"))
        .isEqualTo(new Health.Ailing(Health.Ailment.KEY_REFUSED, 1, Instant.EPOCH));
    cart.get("/v1/connections/barred/token").then().statusCode(200);
  }

  @Test
  @Requirement({"BE-16", "G-12"})
  void aReportedTokenIsAnsweredWithANewerOne() {
    engines.holds("refused", "report-tenant", 1);
    engines.refreshGives("refused", "report-tenant", 2);
    Caller cart = operator.allowed("reporter", "report-tenant");
    cart.get("/v1/connections/refused/token").then().body("generation", equalTo(1));

    cart.report(
            "refused",
            Map.of(
                "generation",
                1,
                "status",
                401,
                "www_authenticate",
                "Bearer error=\"invalid_token\" error_description=\"expired\""))
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("generation", equalTo(2));
    cart.get("/v1/connections/refused/token").then().body("generation", equalTo(2));
  }

  @Test
  @Requirement("MO-12")
  void aMissingScopeIsNotMendedByAnotherToken() {
    engines.holds("scoped", "scoped-tenant", 1);
    Caller cart = operator.allowed("scoped-reader", "scoped-tenant");

    cart.report("scoped", Map.of("generation", 1, "status", 403))
        .then()
        .statusCode(409)
        .body("code", equalTo("insufficient_scope"));
    cart.get("/v1/connections/scoped/token").then().statusCode(200).body("generation", equalTo(1));
  }

  @Test
  void aReportIsReadStrictly() {
    Caller cart = Caller.consumer("clumsy", door);

    cart.report("any", Map.of("status", 500, "www_authenticate", "x".repeat(3000)))
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors.field", containsInAnyOrder("generation", "status", "www_authenticate"));
    cart.report("any", "{\"generation\": \"secret-9417\"}")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors.field", contains("generation"))
        .body(not(containsString("9417")));
    cart.report("any", "{\"generation\": 1, ")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors.field", contains("body"));
    cart.report("any", "[]")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("code", equalTo("invalid_request"));
    cart.with()
        .contentType("text/plain")
        .body("1")
        .post("/v1/connections/any/token/report")
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
    cart.with()
        .post("/v1/token")
        .then()
        .statusCode(405)
        .contentType(PROBLEM)
        .body("code", equalTo("method_not_allowed"));
    for (String path : List.of("/v1/connections/any/token", "/v1/connections/any/token/report")) {
      cart.with()
          .delete(path)
          .then()
          .statusCode(405)
          .contentType(PROBLEM)
          .header("Allow", containsString(path.endsWith("report") ? "POST" : "GET"))
          .body("code", equalTo("method_not_allowed"));
    }
    cart.with()
        .contentType("application/json")
        .body("{}")
        .post("/v1/connections/any/token")
        .then()
        .statusCode(405)
        .contentType(PROBLEM);
    cart.with()
        .accept("text/html")
        .get("/v1/connections/any/token")
        .then()
        .statusCode(406)
        .contentType(PROBLEM);
  }
}
