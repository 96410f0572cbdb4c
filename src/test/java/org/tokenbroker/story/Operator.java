package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.sandbox.OAuthClient;

/** Who manages the broker, by its management API over mTLS. */
final class Operator {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final World world;

  Operator(World world) {
    this.world = world;
  }

  /**
   * Registers a new client at the provider, and at the broker under this id. The broker's redirect
   * URI for it is registered too.
   */
  void registers(String id, Provider provider, Proof proof) {
    String clientId = world.canaries().plant("client id", World.marked("client"));
    Proof.Pair pair = proof.make(world.canaries());
    provider
        .server()
        .register(OAuthClient.of(clientId, pair.authentication()).redirectingTo(callback(id)));
    registers(id, provider.id(), clientId, List.of("read", "offline_access"), pair.registration());
  }

  /**
   * Registers a client that a provider knows already.
   *
   * @param profile the provider's name in the catalogue
   * @param proof fields that say how the client proves itself
   */
  void registers(
      String id, String profile, String clientId, List<String> scopes, JsonObject proof) {
    put(
        "/v1/registrations/" + id,
        new JsonObject()
            .put("profile", profile)
            .put("name", "Story " + id)
            .put("purpose", "Tells a story")
            .put("contacts", JsonArray.of("ops@story.test"))
            .put("client_id", clientId)
            .put("scopes", new JsonArray(scopes))
            .put("redirect_uris", JsonArray.of(callback(id)))
            .mergeIn(proof));
  }

  /** The redirect URI of a registration. */
  static String callback(String registration) {
    return World.PUBLIC_URL + "/callback/" + registration;
  }

  /** Until the broker has read a profile that was added to the catalogue. */
  void waitsForProfile(String id) {
    Awaitility.await("the catalogue knows " + id)
        .atMost(PATIENCE)
        .until(() -> asks().get("/v1/profiles").asString().contains("\"" + id + "\""));
  }

  /** Until the broker has read a profile that replaces one with the same name. */
  void waitsForProfileToLeadTo(String id, String authority) {
    Awaitility.await("the catalogue leads " + id + " to " + authority)
        .atMost(PATIENCE)
        .until(() -> asks().get("/v1/profiles/" + id).asString().contains(authority));
  }

  /** Makes a connection that waits for its owner's consent. */
  void connects(String id, String tenant, String registration) {
    create(id, tenant, registration, "authorization_code");
  }

  /** Tries to make a connection that waits for its owner's consent, whatever comes. */
  Response triesToConnect(String id, String tenant, String registration) {
    return asks()
        .contentType(ContentType.JSON)
        .body(
            new JsonObject()
                .put("tenant", tenant)
                .put("registration", registration)
                .put("grant_type", "authorization_code")
                .encode())
        .put("/v1/connections/" + id);
  }

  /** Makes a connection that needs nobody's consent. */
  void connectsMachine(String id, String tenant, String registration) {
    create(id, tenant, registration, "client_credentials");
  }

  /** Registers at a provider whose API takes keys: there is no client. */
  void registersKeys(String id, String profile) {
    put(
        "/v1/registrations/" + id,
        new JsonObject().put("profile", profile).put("name", "Story " + id));
  }

  /** Puts an API key of the own organization. */
  void connectsKey(String id, String registration, String key, String... scopes) {
    put(
        "/v1/connections/" + id,
        keyed(World.OWN_TENANT, registration, key).put("scopes", new JsonArray(List.of(scopes))));
  }

  /** Puts an API key in place of the former one. */
  void replacesKey(String id, String key) {
    put("/v1/connections/" + id + "/api-key", new JsonObject().put("api_key", key));
  }

  /** Tries to put an API key of that tenant, whatever comes. */
  Response triesKey(String id, String tenant, String registration, String key) {
    return asks()
        .contentType(ContentType.JSON)
        .body(keyed(tenant, registration, key).encode())
        .put("/v1/connections/" + id);
  }

  private static JsonObject keyed(String tenant, String registration, String key) {
    return new JsonObject()
        .put("tenant", tenant)
        .put("registration", registration)
        .put("grant_type", "api_key")
        .put("api_key", key)
        .put("metadata", new JsonObject().put("plan", "story"));
  }

  /** Lets this consumer fetch this connection's API key, and returns the consumer. */
  Consumer allowsKey(String account, String connection) {
    rule(
        account + "-" + connection,
        account,
        new JsonObject().put("connection", connection).put("api_keys", true));
    return world.consumer(account);
  }

  /** Lets this consumer fetch this connection's tokens, and returns the consumer. */
  Consumer allows(String account, String connection) {
    rule(account + "-" + connection, account, new JsonObject().put("connection", connection));
    return world.consumer(account);
  }

  /** Lets this consumer fetch the tokens of all connections of a tenant. */
  void allowsTenant(String account, String tenant) {
    rule(account + "-" + tenant, account, new JsonObject().put("tenant", tenant));
  }

  /** Lets this consumer fetch the tokens of all connections of a registration. */
  void allowsRegistration(String account, String registration) {
    rule(account + "-" + registration, account, new JsonObject().put("registration", registration));
  }

  /** A fresh consent link. */
  URI invites(String connection) {
    return linkOf(asks().post("/v1/connections/" + connection + "/consent"));
  }

  private URI linkOf(Response answer) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    URI link = URI.create(new JsonObject(answer.asString()).getString("link"));
    world.canaries().plant("consent ticket", link.getPath().substring("/consent/".length()));
    return link;
  }

  void disables(String connection) {
    assertThat(asks().post("/v1/connections/" + connection + "/disable").statusCode())
        .isEqualTo(200);
  }

  void enables(String connection) {
    assertThat(asks().post("/v1/connections/" + connection + "/enable").statusCode())
        .isEqualTo(200);
  }

  /** Ends what the connection was granted, and says what died. */
  JsonObject revokes(String connection) {
    Response answer = asks().post("/v1/connections/" + connection + "/revoke");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    return new JsonObject(answer.asString());
  }

  /** What is told so far of a connection, in order: kinds of events. */
  List<String> eventsOf(String connection) {
    return new JsonObject(asks().get("/v1/events?connection=" + connection).asString())
        .getJsonArray("events").stream()
            .map(event -> ((JsonObject) event).getString("type").replace("org.tokenbroker.", ""))
            .toList();
  }

  void deletes(String connection) {
    Response answer = asks().delete("/v1/connections/" + connection);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(answer.asString()).getString("state")).isEqualTo("deleted");
  }

  /** What the broker says of a connection. */
  JsonObject sees(String connection) {
    Response answer = asks().get("/v1/connections/" + connection);
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.asString());
  }

  String stateOf(String connection) {
    return sees(connection).getString("state");
  }

  long generationOf(String connection) {
    return sees(connection).getLong("generation");
  }

  void waitsForState(String connection, String state) {
    Awaitility.await(connection + " becomes " + state)
        .atMost(PATIENCE)
        .until(() -> stateOf(connection).equals(state));
  }

  /** Until the broker has renewed it by itself at least so far. */
  void waitsForGeneration(String connection, long generation) {
    Awaitility.await(connection + " reaches generation " + generation)
        .atMost(PATIENCE)
        .until(() -> generationOf(connection) >= generation);
  }

  /** What Prometheus would read. */
  String scrapes() {
    return given().baseUri(world.broker().managementDoor().toString()).get("/q/metrics").asString();
  }

  /** The signing keys of a registration. */
  RegistrationKeys keysOf(String registration) {
    return new RegistrationKeys(this, registration);
  }

  /** What the broker says of a registration. */
  JsonObject seesRegistration(String registration) {
    Response answer = asks().get("/v1/registrations/" + registration);
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.asString());
  }

  /** Until the provider refuses the registration's client, as far as the broker knows. */
  void waitsForFault(String registration, String fault) {
    Awaitility.await(registration + " becomes faulty")
        .atMost(PATIENCE)
        .until(() -> fault.equals(seesRegistration(registration).getString("fault")));
  }

  /** A fresh consent link that leads back to this redirect URI. */
  URI invites(String connection, String redirectUri) {
    return linkOf(
        asks()
            .queryParam("redirect_uri", redirectUri)
            .post("/v1/connections/" + connection + "/consent"));
  }

  /** Brings a code, whatever comes. */
  Response brings(String connection, JsonObject code) {
    return asks()
        .contentType(ContentType.JSON)
        .body(code.encode())
        .post("/v1/connections/" + connection + "/authorization-code");
  }

  /** A request with the operator's certificate. */
  RequestSpecification asks() {
    return given()
        .config(world.certificates().operator().restAssured())
        .baseUri(world.broker().tokenDoor().toString())
        .filter(world.transcript());
  }

  private void create(String id, String tenant, String registration, String grant) {
    put(
        "/v1/connections/" + id,
        new JsonObject()
            .put("tenant", tenant)
            .put("registration", registration)
            .put("grant_type", grant)
            .put("metadata", new JsonObject().put("plan", "story")));
  }

  private void rule(String id, String account, JsonObject selector) {
    put(
        "/v1/access-rules/" + id,
        selector.put("consumer", Certificates.consumerId(account)).put("all_scopes", true));
  }

  private void put(String path, JsonObject body) {
    Response answer = asks().contentType(ContentType.JSON).body(body.encode()).put(path);
    assertThat(answer.statusCode()).as("PUT %s: %s", path, answer.asString()).isIn(200, 201);
  }
}
