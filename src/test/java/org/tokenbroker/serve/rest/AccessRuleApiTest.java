package org.tokenbroker.serve.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;

/** Operators decide who may have which token; rules rest in a real PostgreSQL. */
@QuarkusTest
@TestProfile(ServingOnly.class)
class AccessRuleApiTest {
  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @TestHTTPResource(value = "/metrics", management = true)
  URI metrics;

  @Inject ScriptedEngines engines;

  private Caller operator;

  @BeforeEach
  void enter() {
    operator = Caller.operator(door);
  }

  @Test
  @Requirement("G-11")
  void aRuleIsInForceWhenItIsAnsweredAndNoLongerWhenItIsDeleted() {
    engines.holds("governed", "governed-tenant", 1);
    Caller cart = Caller.consumer("governed-reader", door);
    String rule =
        "{\"consumer\": \"%s\", \"connection\": \"governed\", \"all_scopes\": true}"
            .formatted(cart.identity());
    cart.get("/v1/connections/governed/token").then().statusCode(404);

    put("governed", rule).statusCode(201);
    cart.get("/v1/connections/governed/token").then().statusCode(200);
    put("governed", rule).statusCode(200);
    operator.with().delete("/v1/access-rules/governed").then().statusCode(204);

    cart.get("/v1/connections/governed/token").then().statusCode(404);
    operator
        .with()
        .delete("/v1/access-rules/governed")
        .then()
        .statusCode(404)
        .body("code", equalTo("not_found"));
  }

  @Test
  void aRuleIsShownAsItWasPut() {
    String consumer = Certificates.consumerId("shown");

    put(
            "shown-1",
            "{\"consumer\": \"%s\", \"tenant\": \"acme\", \"registration\": \"crm\", \"scopes\": [\"write\", \"read\"]}"
                .formatted(consumer))
        .statusCode(201);

    operator
        .get("/v1/access-rules/shown-1")
        .then()
        .statusCode(200)
        .body("id", equalTo("shown-1"))
        .body("consumer", equalTo(consumer))
        .body("tenant", equalTo("acme"))
        .body("registration", equalTo("crm"))
        .body("scopes", contains("read", "write"))
        .body("connection", nullValue())
        .body("all_scopes", nullValue());
  }

  @Test
  @Requirement("E6")
  void aKeyLeavesOnlyUnderARuleThatSaysSo() {
    engines.holdsKey("exported", "exported-tenant", 2, new Health.Active(Instant.EPOCH));
    Caller cart = Caller.consumer("key-reader", door);
    String rule =
        "{\"consumer\": \"%s\", \"connection\": \"exported\", \"all_scopes\": true, \"api_keys\": %s}";
    put("exported", rule.formatted(cart.identity(), false))
        .statusCode(201)
        .body("api_keys", nullValue());
    cart.get("/v1/connections/exported/token")
        .then()
        .statusCode(404)
        .body("code", equalTo("not_found"));

    put("exported", rule.formatted(cart.identity(), true))
        .statusCode(200)
        .body("api_keys", equalTo(true));

    cart.get("/v1/connections/exported/token").then().statusCode(200);
    operator.get("/v1/access-rules/exported").then().body("api_keys", equalTo(true));
    put("exported", rule.formatted(cart.identity(), "\"yes-9417\""))
        .statusCode(400)
        .body("errors.field", contains("api_keys"))
        .body(not(containsString("9417")));
  }

  @Test
  void everyFieldThatIsAtFaultIsNamedAtOnceAndNoneIsRepeated() {
    put(
            "Bad Id",
            "{\"consumer\": \"spiffe://x-9417\", \"tenant\": \"T-9417\", \"registration\": 9417, \"scopes\": [\"a b-9417\"], \"tennant\": \"9417\"}")
        .statusCode(400)
        .body("code", equalTo("invalid_request"))
        .body(
            "errors.field",
            containsInAnyOrder("id", "consumer", "tenant", "registration", "scopes", "tennant"))
        .body(not(containsString("9417")));
    put("empty", "{}")
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("consumer", "connection", "scopes"));
    put(
            "both",
            "{\"consumer\": \"dns:a.example\", \"connection\": \"a\", \"tenant\": \"b\", \"scopes\": [], \"all_scopes\": true}")
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("connection", "scopes"));
    put("none", "{\"consumer\": \"dns:a.example\", \"tenant\": \"b\", \"scopes\": []}")
        .statusCode(400)
        .body("errors.field", contains("scopes"));
    put("false", "{\"consumer\": \"dns:a.example\", \"tenant\": \"b\", \"all_scopes\": false}")
        .statusCode(400)
        .body("errors.field", contains("all_scopes"));
    put("list", "[]").statusCode(400).body("errors.field", contains("body"));
    put("broken", "{\"consumer\": ").statusCode(400).body("errors.field", contains("body"));
  }

  @Test
  void wildcardsAreNoIdentities() {
    for (String pattern :
        List.of(
            "spiffe://cluster.test/*",
            "spiffe://cluster.test/ns/apps/",
            "*",
            "dns:*.example.org",
            "cluster.test")) {
      put(
              "wild",
              "{\"consumer\": \"%s\", \"tenant\": \"acme\", \"all_scopes\": true}"
                  .formatted(pattern))
          .statusCode(400)
          .body("errors.field", contains("consumer"));
    }
  }

  @Test
  void rulesAreListedInPagesAndByConsumer() {
    String consumer = Certificates.consumerId("listed");
    for (int number = 1; number <= 5; number++) {
      put(
              "listed-" + number,
              "{\"consumer\": \"%s\", \"connection\": \"c-%s\", \"all_scopes\": true}"
                  .formatted(consumer, number))
          .statusCode(201);
    }

    List<String> found = new ArrayList<>();
    String next = "";
    for (int pages = 0; pages < 5 && next != null; pages++) {
      Response page =
          operator
              .with()
              .queryParam("consumer", consumer)
              .queryParam("limit", "2")
              .queryParam("after", next.isEmpty() ? "a" : next)
              .get("/v1/access-rules");
      page.then().statusCode(200);
      found.addAll(page.path("access_rules.id"));
      next = page.path("next");
    }

    assertThat(found).containsExactly("listed-1", "listed-2", "listed-3", "listed-4", "listed-5");
    operator
        .get("/v1/access-rules?limit=0&after=Bad%20Id")
        .then()
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("limit", "after"));
  }

  @Test
  void servingIsCountedUnderTheAgreedNames() {
    engines.holds("counted", "counted-tenant", 1);
    Caller cart = Caller.consumer("counted-reader", door);
    operator.allow(cart, "counted-tenant");
    cart.get("/v1/connections/counted/token").then().statusCode(200);
    Caller.consumer("counted-stranger", door)
        .get("/v1/connections/counted/token")
        .then()
        .statusCode(404);

    given()
        .get(metrics)
        .then()
        .statusCode(200)
        .body(
            containsString("token_broker_token_requests_total{outcome=\"served\",reason=\"none\"}"))
        .body(
            containsString(
                "token_broker_token_requests_total{outcome=\"denied\",reason=\"no_rule\"}"))
        .body(containsString("token_broker_token_request_duration_seconds_bucket"))
        .body(containsString("token_broker_token_remaining_seconds_bucket"))
        .body(containsString("token_broker_authz_decisions_total{decision=\"allow\"}"))
        .body(containsString("token_broker_authz_decisions_total{decision=\"deny\"}"))
        .body(not(containsString("counted-reader")))
        .body(not(containsString("counted-tenant")));
  }

  private ValidatableResponse put(String id, String body) {
    return operator
        .with()
        .contentType("application/json")
        .body(body)
        .put("/v1/access-rules/{id}", id)
        .then();
  }
}
