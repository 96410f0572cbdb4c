package org.tokenbroker.connection.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Census;
import org.tokenbroker.connection.Census.Group;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SecretSafe;

/**
 * Revoking, as operators ask for it over mTLS; what the provider hears of it is told in a story.
 */
@QuarkusTest
@TestProfile(OwnKeys.class)
class RevocationApiTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How soon what is revoked is served by nobody. */
  private static final Duration SPREAD = Duration.ofSeconds(5);

  private static final String PORTAL = "revoked-portal";
  private static final String APP = "revoked-app";

  @TestHTTPResource(value = "/", tls = true)
  URI url;

  private KeyDoor door;

  @Inject SecretSafe safe;
  @Inject Census census;

  @BeforeEach
  void register() {
    door = new KeyDoor(url);
    door.put(
            "/v1/registrations/" + PORTAL,
            new JsonObject()
                .put("profile", "mijnklantportaal-api-key")
                .put("name", "Own portal")
                .put("scopes", JsonArray.of("customers.read")))
        .body("client_authentication", equalTo("none"));
    door.put(
            "/v1/registrations/" + APP,
            new JsonObject()
                .put("profile", "mijnklantportaal")
                .put("name", "App")
                .put("client_authentication", "client_secret_post")
                .put("client_id", "app-id")
                .put("client_secret", "app-secret")
                .put("scopes", JsonArray.of("customers.read"))
                .put("redirect_uris", JsonArray.of("https://consent.example/callback/" + APP)))
        .body("gap", nullValue());
  }

  @Test
  @Requirement({"X-2", "G-13", "MK-3"})
  void aRevokedKeyIsDestroyedAndServedToNobodyUntilAnotherIsPut() {
    door.put("/v1/connections/ended", key("key-ended-9417")).statusCode(201);
    door.allow("ended", true);
    assertThat(door.asked("ended").statusCode()).isEqualTo(200);

    Response revoked = door.operator().post("/v1/connections/ended/revoke");

    revoked
        .then()
        .statusCode(200)
        .body("id", equalTo("ended"))
        .body("state", equalTo("revoked"))
        .body("died", contains("api_key"))
        .body("in_safe", equalTo("destroyed"))
        .body("at_provider", equalTo("key_stays"))
        .body(not(containsString("9417")));
    assertThat(safe.read(new SafePath("api-keys/ended")).await().atMost(PATIENCE))
        .isInstanceOf(SafeRead.Absent.class);
    assertThat(door.operator().post("/v1/connections/ended/revoke").asString())
        .isEqualTo(revoked.asString());
    Awaitility.await().atMost(SPREAD).until(() -> door.asked("ended").statusCode() == 409);
    door.asked("ended").then().body("code", equalTo("api_key_required"));
    door.operator()
        .get("/v1/connections?state=revoked&registration=" + PORTAL)
        .then()
        .body("connections.id", contains("ended"))
        .body("connections[0].metadata.portal", equalTo("ours"));
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                door.operator()
                    .get("/v1/events?connection=ended&kind=connection.revoked")
                    .then()
                    .body("events.data.previous_state", contains("active")));
    assertThat(census.count().await().atMost(PATIENCE).orElseThrow().groups())
        .filteredOn(group -> group.state().equals("revoked"))
        .extracting(Group::provider)
        .contains("mijnklantportaal-api-key");

    door.put("/v1/connections/ended/api-key", new JsonObject().put("api_key", "key-anew"))
        .statusCode(200)
        .body("state", equalTo("active"));
    Awaitility.await().atMost(SPREAD).until(() -> door.asked("ended").statusCode() == 200);
    door.asked("ended")
        .then()
        .body("access_token", equalTo("key-anew"))
        .body("generation", equalTo(2));
  }

  @Test
  void whatWasNeverAgreedToIsNotRevoked() {
    door.put(
            "/v1/connections/never",
            new JsonObject()
                .put("tenant", "customer")
                .put("registration", APP)
                .put("grant_type", "authorization_code"))
        .statusCode(201);

    door.operator()
        .post("/v1/connections/never/revoke")
        .then()
        .statusCode(409)
        .body("code", equalTo("revocation_not_possible"))
        .body("detail", containsString("delete it"));
    door.operator().get("/v1/connections/never").then().body("state", equalTo("pending_consent"));
    door.operator()
        .delete("/v1/connections/never")
        .then()
        .statusCode(200)
        .body("state", equalTo("deleted"))
        .body("died", empty())
        .body("at_provider", equalTo("nothing"));
  }

  @Test
  void onlyOperatorsRevokeAndOnlyWhatThereIs() {
    door.operator().post("/v1/connections/there-is-none/revoke").then().statusCode(404);
    assertThat(door.consumer("ended").post("/v1/connections/never/revoke").statusCode())
        .isBetween(403, 404);
  }

  private static JsonObject key(String value) {
    return KeyDoor.key(PORTAL, value);
  }
}
