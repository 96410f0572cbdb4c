package org.tokenbroker.serve.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Health.ConsentCause;
import org.tokenbroker.fixture.Requirement;

/** The serving contract, over mTLS. */
@QuarkusTest
@TestProfile(ServingOnly.class)
class TokenDoorTest {
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
  @Requirement({"X-1", "G-10", "BE-19", "MO-11", "IV-11", "E5", "E6", "K-4"})
  void aTokenComesWithAllThatACacheAndAnApiNeedAndNothingElse() {
    engines.holds("whole", "whole-tenant", 7);
    Caller cart = operator.allowed("whole-reader", "whole-tenant");

    Response response = cart.get("/v1/connections/whole/token");

    response
        .then()
        .statusCode(200)
        .contentType("application/json")
        .header("Cache-Control", "no-store")
        .header("ETag", "\"7\"")
        .header("X-Request-Id", matchesPattern("[0-9a-f]{32}"))
        .body("access_token", equalTo("token-whole-7"))
        .body("token_type", equalTo("Bearer"))
        .body("expires_in", allOf(greaterThan(3500), lessThanOrEqualTo(3600)))
        .body("generation", equalTo(7))
        .body("scope", equalTo("read write"))
        .body("header.name", equalTo("Authorization"))
        .body("header.value", equalTo("Bearer token-whole-7"))
        .body("metadata.administration", equalTo("4711"))
        .body("size()", equalTo(9))
        .body(not(containsString(ScriptedEngines.REFRESH_TOKEN)));
    assertThat(Instant.parse(response.path("refresh_after")))
        .isBetween(Instant.now(), Instant.parse(response.path("expires_at")));
  }

  @Test
  @Requirement({"X-1", "MK-3", "G-10", "BE-19"})
  void aKeyComesLikeATokenButHasNoEnd() {
    engines.holdsKey("keyed", "keyed-tenant", 4, new Health.Active(Instant.EPOCH));
    Caller cart = operator.allowedKeys("keyed-reader", "keyed");

    Response response = cart.get("/v1/connections/keyed/token?min_ttl=8760h");

    response
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .header("ETag", "\"4\"")
        .body("access_token", equalTo("key-keyed-4"))
        .body("token_type", equalTo("Bearer"))
        .body("generation", equalTo(4))
        .body("scope", equalTo("read"))
        .body("header.name", equalTo("Authorization"))
        .body("header.value", equalTo("Bearer key-keyed-4"))
        .body("metadata.administration", equalTo("4711"))
        .body("size()", equalTo(7));
    assertThat(Instant.parse(response.path("refresh_after")))
        .isBetween(Instant.now(), Instant.now().plusSeconds(60));
    cart.with()
        .header("If-None-Match", "\"4\"")
        .get("/v1/connections/keyed/token")
        .then()
        .statusCode(304);
  }

  @Test
  @Requirement("G-10")
  void whoHasTheTokenAlreadyIsToldOnlyThat() {
    engines.holds("known", "known-tenant", 3);
    Caller cart = operator.allowed("known-reader", "known-tenant");

    cart.with()
        .header("If-None-Match", "W/\"2\", \"3\"")
        .get("/v1/connections/known/token")
        .then()
        .statusCode(304)
        .header("ETag", "\"3\"")
        .body(equalTo(""));
    cart.with()
        .header("If-None-Match", "\"2\"")
        .get("/v1/connections/known/token")
        .then()
        .statusCode(200);
  }

  @Test
  @Requirement("G-10")
  void aTokenWithTooLittleLifeIsNotConfirmedEither() {
    engines.holds(
        "dying",
        "dying-tenant",
        3,
        new Health.Ailing(Health.Ailment.THROTTLED, 2, Instant.EPOCH),
        Duration.ofMinutes(2));
    Caller cart = operator.allowed("dying-reader", "dying-tenant");

    cart.with()
        .header("If-None-Match", "\"3\"")
        .queryParam("min_ttl", "PT10H")
        .get("/v1/connections/dying/token")
        .then()
        .statusCode(304);
    engines.holds(
        "dead",
        "dying-tenant",
        3,
        new Health.Ailing(Health.Ailment.THROTTLED, 2, Instant.EPOCH),
        Duration.ZERO);

    cart.with()
        .header("If-None-Match", "\"3\"")
        .get("/v1/connections/dead/token")
        .then()
        .statusCode(503);
  }

  @Test
  @Requirement({"G-11", "E3", "MO-14"})
  void unknownAndForbiddenConnectionsGetTheSameAnswer() {
    engines.holds("hidden", "hidden-tenant", 1);
    engines.holds("open", "open-tenant", 1);
    engines.holds("wide", "narrow-tenant", 1);
    engines.holds(
        "off",
        "open-tenant",
        1,
        new Health.Disabled(new Health.Active(Instant.EPOCH), Instant.EPOCH),
        Duration.ofHours(1));
    Caller cart = operator.allowed("open-reader", "open-tenant");
    operator.allowOnly(cart, "narrow-tenant", "read");

    Response unknown = cart.get("/v1/connections/no-such-connection/token");
    unknown.then().statusCode(404).contentType(PROBLEM).body("code", equalTo("not_found"));

    for (String path :
        List.of(
            "/v1/connections/hidden/token",
            "/v1/connections/wide/token",
            "/v1/connections/off/token",
            "/v1/connections/No%20Id/token",
            "/v1/token?tenant=hidden-tenant&provider=acme",
            "/v1/token?tenant=no-such-tenant&provider=acme",
            "/v1/token?tenant=open-tenant&provider=no-such-provider")) {
      assertThat(shape(cart.get(path))).as(path).isEqualTo(shape(unknown));
    }
    assertThat(shape(cart.report("hidden", Map.of("generation", 1)))).isEqualTo(shape(unknown));
    cart.get("/v1/connections/open/token").then().statusCode(200);
  }

  @Test
  void aConnectionIsFoundByTenantWhereItsIdIsNotKnown() {
    engines.holds("looked-up", "lookup-tenant", 2);
    Caller cart = operator.allowed("lookup-reader", "lookup-tenant");

    cart.get("/v1/token?tenant=lookup-tenant&provider=acme")
        .then()
        .statusCode(200)
        .body("access_token", equalTo("token-looked-up-2"));
    cart.get("/v1/token?tenant=lookup-tenant&registration=crm-production")
        .then()
        .statusCode(200)
        .body("generation", equalTo(2));
    cart.get("/v1/token?tenant=lookup-tenant&registration=crm-beta").then().statusCode(404);
  }

  @Test
  @Requirement({"IV-8", "G-11", "G-3"})
  void ofSeveralConnectionsTheScopesAskedForTellWhichOneAndItStaysInMemory() {
    engines.holdsScoped("several-read", "several-tenant", "read");
    engines.holdsScoped("several-both", "several-tenant", "read", "write");
    Caller cart = operator.allowed("several-reader", "several-tenant");
    String lookup = "/v1/token?tenant=several-tenant&registration=crm-production";

    Response ambiguous = cart.get(lookup);
    cart.get(lookup + "&scope=read").then().body("access_token", equalTo("token-several-read"));
    cart.get(lookup + "&scope=write").then().body("access_token", equalTo("token-several-both"));
    int before = engines.reads();
    cart.get(lookup + "&scope=read").then().statusCode(200);

    assertThat(engines.reads()).isEqualTo(before);
    assertThat(shape(ambiguous)).isEqualTo(shape(cart.get("/v1/connections/there-is-none/token")));
    assertThat(shape(cart.get(lookup + "&scope=delete"))).isEqualTo(shape(ambiguous));
    Caller narrow = Caller.consumer("several-narrow", door);
    operator.allowOnly(narrow, "several-tenant", "read");
    narrow.get(lookup + "&scope=read").then().statusCode(200);
    assertThat(shape(narrow.get(lookup + "&scope=write"))).isEqualTo(shape(ambiguous));
  }

  @Test
  @Requirement("E10")
  void everyOffendingParameterIsNamedAndNoneRepeated() {
    Caller cart = Caller.consumer("careless", door);

    cart.with()
        .queryParam("min_ttl", "soon-9417")
        .queryParam("scope", "a\"9417")
        .get("/v1/connections/any/token")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("code", equalTo("invalid_request"))
        .body("errors.field", contains("min_ttl", "scope"))
        .body(not(containsString("9417")));
    cart.get("/v1/token?min_ttl=-1s")
        .then()
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("tenant", "provider", "min_ttl"));
    cart.get("/v1/token?tenant=t&provider=p&registration=r")
        .then()
        .statusCode(400)
        .body("errors.field", contains("provider"));
  }

  @Test
  void lifeMayBeAskedForInSecondsMinutesHoursAndIsoForm() {
    engines.holds("forms", "forms-tenant", 1);
    Caller cart = operator.allowed("forms-reader", "forms-tenant");

    for (String form : List.of("", "0", "60", "60s", "2m", "1h", "PT1M", "PT0S")) {
      cart.with()
          .queryParam("min_ttl", form)
          .get("/v1/connections/forms/token")
          .then()
          .statusCode(200);
    }
    for (String form : List.of(" ", "60 s", "1d", "-60", "PT-1M", "1e3", "9999999999")) {
      cart.with()
          .queryParam("min_ttl", form)
          .get("/v1/connections/forms/token")
          .then()
          .statusCode(400)
          .body("errors.field", contains("min_ttl"));
    }
  }

  @Test
  @Requirement("E10")
  void onlyTheOwnerCanMendWhatNeedsConsent() {
    engines.holds(
        "lapsed",
        "lapsed-tenant",
        4,
        new Health.NeedsConsent(ConsentCause.REFUSED_BY_PROVIDER, Instant.EPOCH),
        Duration.ZERO);
    Caller cart = operator.allowed("lapsed-reader", "lapsed-tenant");

    cart.get("/v1/connections/lapsed/token")
        .then()
        .statusCode(409)
        .contentType(PROBLEM)
        .header("Cache-Control", "no-store")
        .body("code", equalTo("consent_required"));
  }

  @Test
  @Requirement("E10")
  void withNothingFreshTheAnswerSaysWhenToComeBack() {
    engines.holds("stale", "stale-tenant", 4, new Health.Active(Instant.EPOCH), Duration.ZERO);
    Caller cart = operator.allowed("stale-reader", "stale-tenant");

    cart.get("/v1/connections/stale/token")
        .then()
        .statusCode(503)
        .contentType(PROBLEM)
        .header("Retry-After", "7")
        .body("code", equalTo("no_fresh_token"));
  }

  @Test
  @Requirement({"G-11", "E10"})
  void aConsumerThatAsksTooOftenWaitsWithoutHinderingOthers() {
    engines.holds("wanted", "wanted-tenant", 1);
    Caller greedy = operator.allowed("greedy", "wanted-tenant");
    Caller modest = operator.allowed("modest", "wanted-tenant");
    List<Integer> answers = new ArrayList<>();
    for (int request = 0; request < ServingOnly.BURST * 2; request++) {
      answers.add(greedy.get("/v1/connections/wanted/token").statusCode());
    }

    assertThat(answers).contains(200, 429).doesNotContain(500);
    greedy
        .get("/v1/connections/wanted/token")
        .then()
        .statusCode(429)
        .contentType(PROBLEM)
        .header("Retry-After", "1")
        .body("code", equalTo("too_many_requests"));
    modest.get("/v1/connections/wanted/token").then().statusCode(200);
  }

  @Test
  @Requirement("G-3")
  void warmReadsOverHttpAskNoEngine() {
    engines.holds("warm", "warm-tenant", 1);
    Caller cart = operator.allowed("warm-reader", "warm-tenant");
    cart.get("/v1/connections/warm/token").then().statusCode(200);
    int before = engines.reads();

    for (int read = 0; read < 20; read++) {
      cart.get("/v1/connections/warm/token").then().statusCode(200);
    }

    assertThat(engines.reads()).isEqualTo(before);
  }

  @Test
  void aRequestIdIsGivenBackIfItIsSafeInALogAndElseReplaced() {
    Caller cart = Caller.consumer("traced", door);

    cart.with()
        .header("X-Request-Id", "0af7651916cd43dd-8448eb211c80319c")
        .get("/v1/connections/any/token")
        .then()
        .header("X-Request-Id", "0af7651916cd43dd-8448eb211c80319c");
    cart.with()
        .header("X-Request-Id", "a b\" level=ERROR")
        .get("/v1/connections/any/token")
        .then()
        .header("X-Request-Id", matchesPattern("[0-9a-f]{32}"));
  }

  @Test
  void aFailureOfOursTellsNothingOfItself() {
    Caller cart = Caller.consumer("unlucky", door);

    cart.get("/v1/connections/broken/token")
        .then()
        .statusCode(500)
        .contentType(PROBLEM)
        .body("code", equalTo("internal_error"))
        .body(not(containsString("Exception")))
        .body(not(containsString(ScriptedEngines.REFRESH_TOKEN)));
  }

  /** All that a caller can see, without what is the request's own. */
  private static Map<String, String> shape(Response response) {
    Map<String, String> shape = new TreeMap<>();
    response
        .headers()
        .forEach(header -> shape.put(header.getName().toLowerCase(Locale.ROOT), header.getValue()));
    shape.remove("x-request-id");
    shape.put("status", response.statusLine());
    shape.put("body", response.asString());
    return shape;
  }
}
