package org.tokenbroker.event.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.event.EventsOnly;
import org.tokenbroker.event.Happenings;
import org.tokenbroker.event.OperatorApi;
import org.tokenbroker.event.Samples;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;

@QuarkusTest
@TestProfile(EventsOnly.class)
class EventApiTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @Inject Happenings happenings;

  private OperatorApi operator = new OperatorApi(URI.create("https://nowhere.example"));

  @BeforeEach
  void enter() {
    operator = new OperatorApi(door);
  }

  @Test
  void whatHappenedToAConnectionIsListed() {
    String registration = happenings.registration();
    String connection = happenings.connection("acme", registration);
    happenings.needsConsent(connection);

    Response answer = listed("connection=" + connection, 2);

    answer
        .then()
        .body(
            "events.type",
            contains(
                "org.tokenbroker.connection.active", "org.tokenbroker.connection.needs_consent"))
        .body("events[1].specversion", equalTo("1.0"))
        .body("events[1].source", equalTo("urn:token-broker"))
        .body("events[1].subject", equalTo(connection))
        .body("events[1].datacontenttype", equalTo("application/json"))
        .body("events[1].data.connection", equalTo(connection))
        .body("events[1].data.tenant", equalTo("acme"))
        .body("events[1].data.registration", equalTo(registration))
        .body("events[1].data.provider", equalTo("acme"))
        .body("events[1].data.state", equalTo("needs_consent"))
        .body("events[1].data.previous_state", equalTo("active"))
        .body("events[1].data.cause", equalTo("refused_by_provider"))
        .body("events[1].data.name", nullValue())
        .body("more", equalTo(false));
  }

  @Test
  @Requirement("IV-9")
  void oneFaultOfARegistrationIsOneEventWithWhomToTell() {
    String registration = happenings.registration();
    happenings.refused(registration);
    happenings.refused(registration);

    listed("registration=" + registration, 1)
        .then()
        .body("events[0].type", equalTo("org.tokenbroker.registration.faulty"))
        .body("events[0].subject", equalTo(registration))
        .body("events[0].data.cause", equalTo("invalid_client"))
        .body("events[0].data.name", equalTo("The app"))
        .body("events[0].data.purpose", equalTo("Tests"))
        .body("events[0].data.contacts", contains("ops@example.org"))
        .body("events[0].data.connection", nullValue());
  }

  @Test
  void aReaderGoesOnFromWhereItWas() {
    String registration = happenings.registration();
    for (int i = 0; i < 5; i++) {
      happenings.connection("paged", registration);
    }
    listed("registration=" + registration, 5);

    List<String> seen = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      Response page = list("limit=2&registration=" + registration + after);
      seen.addAll(page.path("events.id"));
      after = "&after=" + page.path("next");
      more = page.path("more");
    }
    assertThat(seen).hasSize(5).doesNotHaveDuplicates();

    Response nothingYet = list("registration=" + registration + after);
    nothingYet.then().body("events", hasSize(0));
    assertThat("&after=" + nothingYet.path("next")).isEqualTo(after);
    String later = happenings.connection("paged", registration);
    listed("registration=" + registration + after, 1)
        .then()
        .body("events[0].subject", equalTo(later));
  }

  @Test
  void eventsAreNarrowedByTenantAndKind() {
    String registration = happenings.registration();
    String connection = happenings.connection("narrow", registration);
    happenings.connection("wide", registration);
    happenings.needsConsent(connection);
    listed("registration=" + registration, 3);

    list("registration=" + registration + "&tenant=narrow").then().body("events", hasSize(2));
    list("registration=" + registration + "&kind=connection.needs_consent")
        .then()
        .body("events.subject", contains(connection));
  }

  @Test
  void everyParameterThatIsAtFaultIsNamedAtOnceAndNoneIsRepeated() {
    list("after=9417&connection=A9417&registration=B9417&tenant=C9417&kind=d9417&limit=94170")
        .then()
        .statusCode(400)
        .body(
            "errors.field",
            containsInAnyOrder("after", "connection", "registration", "tenant", "kind", "limit"))
        .body(not(containsString("9417")));
    list("after=9000000000000000000")
        .then()
        .statusCode(400)
        .body("errors.field", contains("after"))
        .body("errors[0].fix", containsString("was never given by this broker"));
  }

  @Test
  void onlyOperatorsSeeEventsAndWebhooks() {
    for (String path : List.of("/v1/events", "/v1/webhooks", "/v1/webhooks/any")) {
      RestAssured.given()
          .config(Certificates.shared().consumer("curious").restAssured())
          .baseUri(door.toString())
          .get(path)
          .then()
          .statusCode(403)
          .body("code", equalTo("operators_only"));
    }
  }

  @Test
  void aWebhookIsShownAsItWasPutAndNeverWithItsSecret() {
    JsonObject body =
        webhook()
            .put("kinds", JsonArray.of("connection.active", "registration.faulty"))
            .put("tenants", JsonArray.of("nobody"))
            .put("registrations", JsonArray.of("nothing"));

    operator.puts("shown", body).then().statusCode(201).body(not(containsString("whsec_")));
    operator.puts("shown", body).then().statusCode(200).body(not(containsString("whsec_")));

    operator
        .asks()
        .get("/v1/webhooks/shown")
        .then()
        .statusCode(200)
        .body("id", equalTo("shown"))
        .body("url", equalTo("https://receiver.example/events"))
        .body("kinds", contains("connection.active", "registration.faulty"))
        .body("tenants", contains("nobody"))
        .body("registrations", contains("nothing"))
        .body("disabled", equalTo(false))
        .body("state", equalTo("healthy"))
        .body("backlog", equalTo(0))
        .body("given_up", equalTo(0))
        .body("secret", nullValue())
        .body(not(containsString("whsec_")));
  }

  @Test
  void aWebhookNeedsASecretTheFirstTimeOnly() {
    JsonObject without = webhook();
    without.remove("secret");

    operator
        .puts("secretive", without)
        .then()
        .statusCode(400)
        .body("errors.field", contains("secret"));
    operator.puts("secretive", webhook()).then().statusCode(201);
    operator.puts("secretive", without).then().statusCode(200);
  }

  @Test
  void aDisabledWebhookSaysSo() {
    operator.puts("sleeping", webhook().put("disabled", true)).then().statusCode(201);

    operator
        .asks()
        .get("/v1/webhooks/sleeping")
        .then()
        .body("disabled", equalTo(true))
        .body("state", equalTo("disabled"));
    operator.puts("sleeping", webhook()).then().body("state", equalTo("healthy"));
  }

  @Test
  void everyFieldThatIsAtFaultIsNamedAtOnceAndNoneRepeated() {
    JsonObject body =
        new JsonObject()
            .put("url", "http://x-9417.example/")
            .put("kinds", JsonArray.of("connection.9417"))
            .put("tenants", JsonArray.of("T9417"))
            .put("registrations", "9417")
            .put("secret", "whsec_9417")
            .put("disabled", "9417")
            .put("tennants", "9417");

    operator
        .puts("Bad Id", body)
        .then()
        .statusCode(400)
        .body(
            "errors.field",
            containsInAnyOrder(
                "id", "url", "kinds", "tenants", "registrations", "secret", "disabled", "tennants"))
        .body(not(containsString("9417")));
    operator
        .puts("empty", new JsonObject())
        .then()
        .statusCode(400)
        .body("errors.field", contains("url"));
    operator
        .puts("nothing", webhook().put("kinds", new JsonArray()))
        .then()
        .statusCode(400)
        .body("errors.field", contains("kinds"));
    operator
        .asks()
        .body("[]")
        .put("/v1/webhooks/list")
        .then()
        .statusCode(400)
        .body("errors.field", contains("body"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://receiver.example/",
        "https://",
        "/events",
        "https://user:pass@receiver.example/",
        "https://receiver.example/?token=1",
        "https://receiver.example/#part",
        "ftp://receiver.example/",
        "not a url",
        "https://10.0.0.7/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://0x7f000002/",
        "https://127.0.0.2/"
      })
  void aUrlThatMustNotBeCalledIsRefused(String url) {
    operator
        .puts("unsafe", webhook().put("url", url))
        .then()
        .statusCode(400)
        .body("errors.field", contains("url"));
  }

  @Test
  void webhooksAreListedInPagesAndDeleted() {
    for (int number = 1; number <= 3; number++) {
      operator.puts("zz-paged-" + number, webhook()).then().statusCode(201);
    }

    Response first = operator.asks().get("/v1/webhooks?limit=2&after=zz-paged");
    Response second = operator.asks().get("/v1/webhooks?limit=2&after=" + first.path("next"));

    first.then().body("webhooks.id", contains("zz-paged-1", "zz-paged-2"));
    second.then().body("webhooks.id", contains("zz-paged-3")).body("next", nullValue());
    operator.asks().delete("/v1/webhooks/zz-paged-1").then().statusCode(204);
    operator.asks().delete("/v1/webhooks/zz-paged-1").then().statusCode(404);
    operator.asks().get("/v1/webhooks/zz-paged-1").then().statusCode(404);
    operator.asks().get("/v1/webhooks/No%20Id").then().statusCode(404);
    operator
        .asks()
        .get("/v1/webhooks?limit=0&after=No%20Id")
        .then()
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("limit", "after"));
  }

  /** Until so many are listed: events are put in order a moment after they happened. */
  private Response listed(String query, int number) {
    return Awaitility.await(number + " events of " + query)
        .atMost(PATIENCE)
        .until(() -> list(query), answer -> answer.<List<?>>path("events").size() == number);
  }

  private Response list(String query) {
    return operator.asks().get("/v1/events?" + query);
  }

  /** Wants nothing that happens here. */
  private static JsonObject webhook() {
    return new JsonObject()
        .put("url", "https://receiver.example/events")
        .put("tenants", JsonArray.of("nobody"))
        .put("secret", Samples.secretText(7));
  }
}
