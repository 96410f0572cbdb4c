package org.tokenbroker.connection.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SecretSafe;

/** API keys, from the operator who puts them to the workload that gets them, over mTLS. */
@QuarkusTest
@TestProfile(OwnKeys.class)
class ApiKeyApiTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How soon a replaced key is out of use. */
  private static final Duration SPREAD = Duration.ofSeconds(5);

  private static final String REGISTRATION = "own-portal";

  @TestHTTPResource(value = "/", tls = true)
  URI url;

  private KeyDoor door;

  @TestHTTPResource("/")
  URI browserDoor;

  @Inject SecretSafe safe;

  @BeforeEach
  void register() {
    door = new KeyDoor(url);
    door.put(
            "/v1/registrations/" + REGISTRATION,
            new JsonObject()
                .put("profile", "mijnklantportaal-api-key")
                .put("name", "Own portal")
                .put("scopes", JsonArray.of("customers.read")))
        .body("client_authentication", equalTo("none"))
        .body("secrets_held", empty());
  }

  @Test
  @Requirement({"MK-2", "BE-1"})
  void aRegistrationForKeysHasNoClient() {
    door.put(
            "/v1/registrations/with-client",
            new JsonObject()
                .put("profile", "booking-experts-api-key")
                .put("name", "With a client")
                .put("client_authentication", "client_secret_post")
                .put("client_id", "client-9417")
                .put("client_secret", "secret-9417"))
        .statusCode(400)
        .body(
            "errors.field",
            containsInAnyOrder("client_authentication", "client_id", "client_secret"))
        .body(not(containsString("9417")));
  }

  @Test
  @Requirement({"MK-2", "MK-3", "MK-4", "MK-10", "X-1"})
  void aKeyGoesInAndComesOutToItsConsumersOnly() {
    ValidatableResponse made = door.put("/v1/connections/in-out", key("key-in-9417"));

    made.statusCode(201)
        .body("state", equalTo("active"))
        .body("grant_type", equalTo("api_key"))
        .body("generation", equalTo(1))
        .body("granted_scopes", contains("customers.read"))
        .body("expires_at", nullValue())
        .body("refresh_due_at", nullValue())
        .body(not(containsString("9417")));
    door.put("/v1/connections/in-out", key("key-in-9417"))
        .statusCode(200)
        .body("generation", equalTo(1))
        .body(not(containsString("9417")));
    for (String path : List.of("/v1/connections/in-out", "/v1/connections?tenant=own")) {
      assertThat(door.operator().get(path).asString()).contains("in-out").doesNotContain("9417");
    }
    door.allow("in-out", true);

    door.consumer("in-out")
        .get("/v1/connections/in-out/token")
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""))
        .body("access_token", equalTo("key-in-9417"))
        .body("header.name", equalTo("Authentication"))
        .body("header.value", equalTo("Bearer key-in-9417"))
        .body("scope", equalTo("customers.read"))
        .body("metadata.portal", equalTo("ours"))
        .body("expires_in", nullValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"scopes\": [null]}",
        "{\"scopes\": [\"customers.read\", null]}",
        "{\"metadata\": {\"\": \"x\"}}",
        "{\"metadata\": {\"a\\u0000b\": \"x\"}}",
        "{\"metadata\": {\"portal\": \"a\\u0000b\"}}",
        "{\"metadata\": {\"portal\": null}}",
      })
  void whatConsumersCouldNotReadIsRefusedByItsField(String members) {
    JsonObject wrong = new JsonObject(members);

    door.put("/v1/connections/unreadable", key("key-unreadable").mergeIn(wrong))
        .statusCode(400)
        .body("errors.field", contains(wrong.fieldNames().iterator().next()));
    door.operator().get("/v1/connections/unreadable").then().statusCode(404);
  }

  @Test
  @Requirement({"MK-2", "IV-6"})
  void nothingIsLeftOfAClientThatGivesWayToKeys() {
    String path = "/v1/registrations/converted";
    door.put(
            path,
            new JsonObject()
                .put("profile", "digitaal-vlaanderen")
                .put("name", "Converted")
                .put("variables", new JsonObject().put("server", "authenticatie.vlaanderen.be"))
                .put("client_authentication", "private_key_jwt")
                .put("client_id", "client-converted"))
        .statusCode(201);
    for (String name : List.of("one", "two")) {
      String key = new JsonObject().put("kid", name).put("algorithm", "ES256").encode();
      door.operator().contentType("application/json").body(key).post(path + "/keys");
      door.operator().post(path + "/keys/" + name + "/uploaded").then().statusCode(200);
      door.operator().post(path + "/keys/" + name + "/activate").then().statusCode(200);
    }

    door.put(
            path,
            new JsonObject().put("profile", "mijnklantportaal-api-key").put("name", "Converted"))
        .statusCode(200)
        .body("secrets_held", empty())
        .body("signing_key_id", nullValue());

    door.operator().get(path + "/keys").then().body("keys", empty());
    door.operator().get(path + "/jwks").then().body("keys", empty());
    assertThat(read("registrations/converted")).isInstanceOf(SafeRead.Absent.class);
  }

  @Test
  @Requirement("E6")
  void withoutAnExportRightNobodyLearnsThatThereIsAKey() {
    door.put("/v1/connections/hidden", key("key-hidden")).statusCode(201);
    door.allow("hidden", false);

    Response forbidden = door.consumer("hidden").get("/v1/connections/hidden/token");
    Response unknown = door.consumer("hidden").get("/v1/connections/there-is-none/token");

    assertThat(forbidden.statusCode()).isEqualTo(404);
    assertThat(forbidden.asString()).isEqualTo(unknown.asString());
  }

  @Test
  @Requirement("MK-3")
  void aReplacedKeyIsServedWithinSecondsAndTheFormerOneNoMore() {
    door.put("/v1/connections/replaced", key("key-first")).statusCode(201);
    door.allow("replaced", true);
    assertThat(served("replaced")).isEqualTo("key-first");

    replace("replaced", new JsonObject().put("api_key", "key-second"))
        .statusCode(200)
        .body("generation", equalTo(2))
        .body("state", equalTo("active"))
        .body(not(containsString("key-second")));

    Awaitility.await().atMost(SPREAD).until(() -> served("replaced").equals("key-second"));
    for (int read = 0; read < 20; read++) {
      assertThat(served("replaced")).isEqualTo("key-second");
    }
  }

  @Test
  @Requirement({"MK-3", "G-12", "X-2"})
  void aKeyThatItsApiRefusesWaitsForAnOperator() {
    door.put("/v1/connections/barred", key("key-barred")).statusCode(201);
    door.allow("barred", true);
    assertThat(served("barred")).isEqualTo("key-barred");

    report("barred", 1).statusCode(409).body("code", equalTo("api_key_required"));

    door.operator()
        .get("/v1/connections/barred")
        .then()
        .body("state", equalTo("ailing"))
        .body("cause", equalTo("key_refused"));
    replace("barred", new JsonObject().put("api_key", "key-mended"))
        .body("state", equalTo("active"));
    report("barred", 1)
        .statusCode(200)
        .body("access_token", equalTo("key-mended"))
        .body("generation", equalTo(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "line\r\nbreak-9417", "é-9417"})
  void aKeyThatCannotStandInAHeaderIsRefusedAndNotRepeated(String value) {
    door.put("/v1/connections/malformed", key(value))
        .statusCode(400)
        .body("errors.field", contains("api_key"))
        .body(not(containsString("9417")));
    replace("malformed", new JsonObject().put("api_key", value)).statusCode(400);
    door.operator().get("/v1/connections/malformed").then().statusCode(404);
  }

  @Test
  @Requirement({"MK-4", "BE-1"})
  void aCustomersTenantHasNoKey() {
    door.put("/v1/connections/of-customer", key("key-9417").put("tenant", "customer"))
        .statusCode(400)
        .body("errors.field", contains("tenant"))
        .body("errors[0].fix", containsString("token-broker.connection.own-tenants"))
        .body(not(containsString("9417")));
    door.operator().get("/v1/connections/of-customer").then().statusCode(404);
  }

  @Test
  @Requirement("MK-4")
  void noCustomerIsAskedForAKeyByALink() {
    door.put("/v1/connections/asked", key("key-asked")).statusCode(201);

    door.operator()
        .post("/v1/connections/asked/consent")
        .then()
        .statusCode(409)
        .body("code", equalTo("consent_not_possible"))
        .body("detail", containsString("grant"));
    door.operator()
        .contentType("application/json")
        .body(new JsonObject().put("tenant", "customer").encode())
        .post("/v1/registrations/" + REGISTRATION + "/claim-link")
        .then()
        .statusCode(409)
        .body("code", equalTo("claim_link_not_possible"))
        .body("detail", containsString("API keys only"));

    isAsItWas("asked");
  }

  @Test
  @Requirement("MK-4")
  void noCustomerBringsAKeyOrACodeForOne() {
    door.put("/v1/connections/brought", key("key-brought")).statusCode(201);

    door.operator()
        .contentType("application/json")
        .body(new JsonObject().put("code", "code-9417").encode())
        .post("/v1/connections/brought/authorization-code")
        .then()
        .statusCode(409)
        .body("code", equalTo("code_not_possible"))
        .body("detail", containsString("knows no authorization code"))
        .body(not(containsString("9417")));
    door.operator()
        .contentType("application/json")
        .body(new JsonObject().put("tenant", "customer").encode())
        .post("/v1/connections/brought/claim")
        .then()
        .statusCode(409)
        .body("code", equalTo("connection_claimed"));

    isAsItWas("brought");
  }

  @ParameterizedTest
  @ValueSource(strings = {"code=code-9417", "code=code-9417&state=state-9417", "api_key=key-9417"})
  @Requirement("MK-4")
  void noInstallEndsAtARegistrationForKeys(String query) {
    door.put("/v1/connections/installed", key("key-installed"));

    Response callback =
        given()
            .baseUri(browserDoor.toString())
            .redirects()
            .follow(false)
            .get("/callback/" + REGISTRATION + "?" + query);

    assertThat(callback.statusCode()).isEqualTo(400);
    assertThat(callback.contentType()).startsWith("text/html");
    assertThat(callback.asString()).doesNotContain("9417");
    door.operator().get("/v1/connections?state=unclaimed").then().body("connections", empty());
    isAsItWas("installed");
  }

  private void isAsItWas(String connection) {
    door.operator()
        .get("/v1/connections/" + connection)
        .then()
        .body("tenant", equalTo(OwnKeys.OWN))
        .body("generation", equalTo(1))
        .body("state", equalTo("active"));
  }

  @Test
  void aKeyIsPutOnlyWhereAConnectionIsOne() {
    replace("nowhere", new JsonObject().put("api_key", "key-nowhere")).statusCode(404);
    door.put("/v1/connections/keyless", key("unused").putNull("api_key"))
        .statusCode(400)
        .body("errors.field", contains("api_key"));
    door.put("/v1/connections/mixed", key("key-9417").put("grant_type", "client_credentials"))
        .statusCode(400)
        .body(not(containsString("9417")));
  }

  @Test
  @Requirement("G-13")
  void deletingDestroysTheKey() {
    door.put("/v1/connections/deleted", key("key-deleted")).statusCode(201);
    replace("deleted", new JsonObject().put("api_key", "key-deleted-too")).statusCode(200);
    door.allow("deleted", true);
    assertThat(stored("deleted")).isInstanceOf(SafeRead.Found.class);

    door.operator()
        .delete("/v1/connections/deleted")
        .then()
        .statusCode(200)
        .body("state", equalTo("deleted"))
        .body("died", contains("api_key"))
        .body("in_safe", equalTo("destroyed"))
        .body("at_provider", equalTo("key_stays"))
        .body(not(containsString("key-deleted")));

    assertThat(stored("deleted")).isInstanceOf(SafeRead.Absent.class);
    door.consumer("deleted").get("/v1/connections/deleted/token").then().statusCode(404);
    door.put("/v1/connections/deleted", key("key-anew"))
        .statusCode(201)
        .body("generation", equalTo(3));
  }

  private static JsonObject key(String value) {
    return KeyDoor.key(REGISTRATION, value);
  }

  private ValidatableResponse replace(String connection, JsonObject body) {
    return door.put("/v1/connections/" + connection + "/api-key", body);
  }

  private ValidatableResponse report(String connection, long generation) {
    return door.consumer(connection)
        .contentType("application/json")
        .body(new JsonObject().put("generation", generation).put("status", 401).encode())
        .post("/v1/connections/" + connection + "/token/report")
        .then();
  }

  private String served(String connection) {
    Response answer = door.consumer(connection).get("/v1/connections/" + connection + "/token");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.path("access_token");
  }

  private SafeRead stored(String connection) {
    return read("api-keys/" + connection);
  }

  private SafeRead read(String path) {
    return safe.read(new SafePath(path)).await().atMost(PATIENCE);
  }
}
