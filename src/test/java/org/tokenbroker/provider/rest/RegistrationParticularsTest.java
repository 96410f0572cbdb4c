package org.tokenbroker.provider.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientLookup;
import org.tokenbroker.provider.Clients;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.catalog.CatalogConfig;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/** What operators fill into a profile, by the management API, into real stores. */
@QuarkusTest
@TestProfile(ManagementOnly.class)
class RegistrationParticularsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TWO_SERVERS =
      """
      id: two-servers
      name: Two servers
      variables:
        server: {values: [as.example, beta.as.example]}
        realm: {pattern: '[a-z]{1,8}', default: main}
      hosts: [as.example, beta.as.example]
      endpoints: {authorize: 'https://{server}/{realm}/auth', token: 'https://{server}/{realm}/token'}
      grants: [authorization_code, client_credentials]
      client_authentication: [client_secret_post, client_secret_jwt, tls_client_auth]
      assertion: {audience: 'https://{server}/'}
      authorize: {registration_parameters: [prompt]}
      token: {registration_parameters: [audience, resource]}
      """;
  private static final String UNRESOLVED =
      """
      id: unresolved
      name: Unresolved
      grants: [authorization_code]
      client_authentication: [client_secret_post]
      """;

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @Inject CatalogConfig catalogue;
  @Inject Clients clients;

  @BeforeEach
  void mountProfiles() {
    mount("two-servers", TWO_SERVERS);
    mount("unresolved", UNRESOLVED);
    waitForProfile("two-servers", "beta.as.example");
    waitForProfile("unresolved", "unresolved");
  }

  @Test
  @Requirement("IV-12")
  void whatARegistrationFillsInDecidesWhereItsCallsGo() {
    JsonObject body =
        twoServers("beta.as.example")
            .put("token_parameters", new JsonObject().put("audience", "the api"))
            .put("authorize_parameters", new JsonObject().put("prompt", "login"));

    put("filled", body).statusCode(201);

    asks()
        .get("/v1/registrations/filled")
        .then()
        .statusCode(200)
        .body("variables.server", equalTo("beta.as.example"))
        .body("token_parameters.audience", equalTo("the api"))
        .body("authorize_parameters.prompt", equalTo("login"))
        .body("missing_endpoints", empty())
        .body("gap", nullValue());
    put("filled", body).statusCode(200);
    ProviderClient client = ready("filled");
    assertThat(client.site().token()).contains(URI.create("https://beta.as.example/main/token"));
    assertThat(client.registration().particulars().tokenParameters())
        .containsEntry("audience", "the api");
  }

  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(
      strings = {
        "169.254.169.254/latest",
        "127.0.0.1:8443/token",
        "LocalHost/token",
        "as.localhost",
        "2130706433/token",
        "10.9.4.17"
      })
  void anAddressOutOfReachIsRefusedWhenItIsPut(String location) {
    JsonObject body =
        twoServers("as.example")
            .put("profile", "oauth2")
            .put(
                "variables",
                new JsonObject().put("authorize", "as.example/auth").put("token", location));

    put("inside", body)
        .statusCode(400)
        .body("code", equalTo("invalid_request"))
        .body("errors.field", contains("variables.token"))
        .body("errors[0].fix", containsString("token-broker.provider.allowed-networks"))
        .body(not(containsString(location)));
    asks().get("/v1/registrations/inside").then().statusCode(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"profile\": \"two-servers\", \"name\": \"a\", \"name\": \"b\"} | name",
        "{\"profile\": \"two-servers\", \"variables\": {\"server\": \"a\", \"realm\": \"x\", \"server\": \"b\"}} | variables.server",
        "{\"profile\": \"two-servers\", \"private_key_jwk\": {\"kty\": \"EC\", \"d\": {\"x y\": 1, \"x y\": 2}}} | private_key_jwk.d.(unprintable)",
      })
  void aMemberThatIsThereTwiceIsRefusedByItsName(String body, String field) {
    asks()
        .contentType("application/json")
        .body(body)
        .put("/v1/registrations/twice")
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_request"))
        .body("errors.field", contains(field))
        .body("errors.fix", contains("is there twice: keep one"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name | 5",
        "purpose | true",
        "client_id | 1e3",
        "scopes | [7]",
        "scopes | [null]",
        "contacts | [\"ops\", false]",
        "variables.server | 7",
        "client_id | \"id\\n\"",
        "client_secret | \"sec\\u0000ret\"",
      })
  void aValueThatIsNoTextIsRefusedByItsField(String field, String value) {
    String body = withMember(field, value);

    asks()
        .contentType("application/json")
        .body(body)
        .put("/v1/registrations/no-text")
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_request"))
        .body("errors[0].field", startsWith(field));
    asks().get("/v1/registrations/no-text").then().statusCode(404);
  }

  private static String withMember(String field, String value) {
    JsonObject whole = twoServers("as.example");
    String[] path = field.split("\\.");
    JsonObject part = path.length == 1 ? whole : whole.getJsonObject(path[0]);
    part.put(path[path.length - 1], "(here)");
    return whole.encode().replace("\"(here)\"", value);
  }

  @Test
  void aProfileShowsWhatARegistrationMaySay() {
    asks()
        .get("/v1/profiles/two-servers")
        .then()
        .statusCode(200)
        .body("variables.server.kind", equalTo("segment"))
        .body("variables.server.values", contains("as.example", "beta.as.example"))
        .body("variables.realm.default", equalTo("main"))
        .body("token_parameters", contains("audience", "resource"))
        .body("authorize_parameters", contains("prompt"));
    asks()
        .get("/v1/profiles/oidc")
        .then()
        .statusCode(200)
        .body("variables.issuer.kind", equalTo("location"));
  }

  @Test
  void whatFollowsTheBodyIsRefused() {
    asks()
        .contentType("application/json")
        .body(twoServers("as.example").encode() + "{}")
        .put("/v1/registrations/followed")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("body"));
  }

  @Test
  void aMethodThatTheProfileDoesNotOfferIsToldFromThoseThatItDoes() {
    JsonObject body = twoServers("as.example");
    body.remove("client_authentication");

    put("no-method", body)
        .statusCode(400)
        .body("errors.field", contains("client_authentication"))
        .body(
            "errors[0].fix",
            equalTo(
                "must be one of the profile's: client_secret_jwt, client_secret_post, tls_client_auth"));
  }

  @Test
  void whatIsNoJsonIsStillToldByItsPlace() {
    asks()
        .contentType("application/json")
        .body("{\"name\": \"a\" \"b\"}")
        .put("/v1/registrations/twice")
        .then()
        .statusCode(400)
        .body("errors[0].fix", containsString("is not well-formed JSON at line 1"));
  }

  @Test
  void everyFlawNamesItsFieldAndRepeatsNoValue() {
    JsonObject body =
        twoServers("elsewhere-9417.example")
            .put(
                "variables",
                new JsonObject()
                    .put("server", "elsewhere-9417.example")
                    .put("realm", "9417/../x")
                    .put("tenant", "9417"))
            .put(
                "token_parameters",
                new JsonObject().put("client_secret", "9417").put("resource", "9417#x"))
            .put("authorize_parameters", new JsonObject().put("state", "9417"))
            .put("tls_configuration", "trusting");

    put("flawed", body)
        .statusCode(400)
        .body("code", equalTo("invalid_request"))
        .body(
            "errors.field",
            containsInAnyOrder(
                "variables.server",
                "variables.realm",
                "variables.tenant",
                "token_parameters.client_secret",
                "token_parameters.resource",
                "authorize_parameters.state",
                "tls_configuration"))
        .body(not(containsString("9417")));
    put("flawed", twoServers("as.example").put("variables", new JsonObject()))
        .statusCode(400)
        .body("errors.field", contains("variables.server"));
    put("flawed", twoServers("as.example").put("variables", new JsonObject().putNull("server")))
        .statusCode(400)
        .body("errors.field", contains("variables.server"));
    put("flawed", twoServers("as.example").put("variables", new JsonObject().put("a b", "x")))
        .statusCode(400)
        .body("errors.field", contains("variables"));
    asks().get("/v1/registrations/flawed").then().statusCode(404);
  }

  @ParameterizedTest
  @CsvSource({"acme-client,201", "trusting,400", "unknown,400", "a b,400"})
  @Requirement("C13")
  void aCertificateOfOursIsNamedByItsTlsConfiguration(String name, int status) {
    put(
            "certificate-" + name.length(),
            twoServers("as.example")
                .put("client_authentication", "tls_client_auth")
                .put("tls_configuration", name))
        .statusCode(status);
    put("no-certificate", twoServers("as.example").put("client_authentication", "tls_client_auth"))
        .statusCode(400)
        .body("errors.field", contains("tls_configuration"));
  }

  @Test
  void aSecretThatSignsIsLongEnough() {
    JsonObject body = twoServers("as.example").put("client_authentication", "client_secret_jwt");

    put("hmac", body.put("client_secret", "x".repeat(31)))
        .statusCode(400)
        .body("errors.field", contains("client_secret"));
    put("hmac", body.put("client_secret", "x".repeat(32))).statusCode(201);
  }

  @Test
  @Requirement("IV-1")
  void anEnvironmentDoesNotChangeUnderConnectionsNorDoItsSecrets() {
    put("beta", twoServers("beta.as.example")).statusCode(201);
    connect("beta-connection", "beta").statusCode(201);
    JsonObject production = twoServers("as.example").put("client_secret", "of production");

    put("beta", production)
        .log()
        .all()
        .statusCode(409)
        .body("code", equalTo("registration_in_use"))
        .body("detail", containsString("its variables"));

    asks()
        .get("/v1/registrations/beta")
        .then()
        .body("variables.server", equalTo("beta.as.example"))
        .body("version", equalTo(1));
    ProviderClient client = ready("beta");
    assertThat(client.site().token()).contains(URI.create("https://beta.as.example/main/token"));
    assertThat(client.secrets().clientSecret().orElseThrow().reveal()).isEqualTo("a secret");
    put("production", production).statusCode(201);
    put("beta", twoServers("beta.as.example").put("client_secret", "rotated")).statusCode(200);
    Awaitility.await("the change is told")
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(
            () -> ready("beta").secrets().clientSecret().equals(Optional.of(Secret.of("rotated"))));
  }

  @Test
  @Requirement("MK-6")
  void aRegistrationWithoutEndpointsIsKeptSaysWhichAreMissingAndIsNotUsed() {
    JsonObject body = body("unresolved");

    put("unresolved", body)
        .statusCode(201)
        .body("gap", equalTo("endpoints"))
        .body("missing_endpoints", contains("endpoints.authorize", "endpoints.token"));
    asks()
        .queryParam("profile", "unresolved")
        .get("/v1/registrations")
        .then()
        .body(
            "registrations[0].missing_endpoints",
            contains("endpoints.authorize", "endpoints.token"));
    connect("unresolved-connection", "unresolved")
        .statusCode(400)
        .body("errors.field", contains("registration"))
        .body("errors[0].fix", containsString("missing_endpoints"));
    assertThat(lookUp("unresolved"))
        .isEqualTo(new ClientLookup.Incomplete(ClientLookup.Gap.ENDPOINTS));

    mount(
        "unresolved",
        UNRESOLVED
            + "endpoints: {authorize: 'https://mk.example/auth', token: 'https://mk.example/token'}\n");
    waitForProfile("unresolved", "mk.example");

    asks()
        .get("/v1/registrations/unresolved")
        .then()
        .body("gap", nullValue())
        .body("missing_endpoints", empty());
    connect("unresolved-connection", "unresolved").statusCode(201);
  }

  @Test
  void aProfileThatAsksForMoreLeavesTheRegistrationAsideAndSaysSo() {
    String before = TWO_SERVERS.replace("id: two-servers", "id: outgrown");
    mount("outgrown", before);
    waitForProfile("outgrown", "beta.as.example");
    put("outgrown", twoServers("as.example").put("profile", "outgrown")).statusCode(201);

    mount(
        "outgrown",
        before.replace("values: [as.example, beta.as.example]", "values: [beta.as.example]"));
    Awaitility.await("the profile allows one server only")
        .atMost(PATIENCE)
        .until(() -> "variables".equals(asks().get("/v1/registrations/outgrown").path("gap")));

    connect("outgrown-connection", "outgrown").statusCode(400);
    assertThat(lookUp("outgrown"))
        .isEqualTo(new ClientLookup.Incomplete(ClientLookup.Gap.VARIABLES));
  }

  @Test
  void aMisspeltMemberIsNamedAndNothingIsMade() {
    put("misspelt", twoServers("as.example").put("scope", "read"))
        .statusCode(400)
        .body("errors.field", contains("scope"));
    asks().get("/v1/registrations/misspelt").then().statusCode(404);

    put("spelt", twoServers("as.example")).statusCode(201);
    asks()
        .contentType("application/json")
        .body(
            new JsonObject()
                .put("tenant", "acme")
                .put("registration", "spelt")
                .put("grant_type", "client_credentials")
                .put("scope", new JsonArray().add("read"))
                .encode())
        .put("/v1/connections/misspelt")
        .then()
        .statusCode(400)
        .body("errors.field", contains("scope"));
    asks().get("/v1/connections/misspelt").then().statusCode(404);
  }

  @ParameterizedTest
  @CsvSource({"/v1/registrations, profile", "/v1/connections, provider"})
  void aFilterThatNothingCanFitIsNamed(String path, String filter) {
    asks()
        .queryParam(filter, "a\u0000b")
        .get(path)
        .then()
        .statusCode(400)
        .body("errors.field", contains(filter));
  }

  private ValidatableResponse put(String id, JsonObject body) {
    return asks()
        .contentType("application/json")
        .body(body.encode())
        .put("/v1/registrations/{id}", id)
        .then();
  }

  private ValidatableResponse connect(String id, String registration) {
    return asks()
        .contentType("application/json")
        .body(
            new JsonObject()
                .put("tenant", "acme")
                .put("registration", registration)
                .put("grant_type", "authorization_code")
                .encode())
        .put("/v1/connections/{id}", id)
        .then();
  }

  private static JsonObject twoServers(String server) {
    return body("two-servers").put("variables", new JsonObject().put("server", server));
  }

  private static JsonObject body(String profile) {
    return new JsonObject()
        .put("profile", profile)
        .put("name", "Acme")
        .put("client_authentication", "client_secret_post")
        .put("scopes", new JsonArray(List.of("read")))
        .put("redirect_uris", JsonArray.of("https://consent.example/callback/acme"))
        .put("client_id", "a client")
        .put("client_secret", "a secret");
  }

  private ProviderClient ready(String id) {
    assertThat(lookUp(id)).isInstanceOf(ClientLookup.Ready.class);
    return ((ClientLookup.Ready) lookUp(id)).client();
  }

  private ClientLookup lookUp(String id) {
    return clients.find(new RegistrationId(id)).await().atMost(PATIENCE);
  }

  private RequestSpecification asks() {
    return given().config(Certificates.shared().operator().restAssured()).baseUri(door.toString());
  }

  private void mount(String id, String yaml) {
    try {
      Files.writeString(catalogue.directory().orElseThrow().resolve(id + ".yaml"), yaml);
    } catch (IOException e) {
      throw new AssertionError("cannot mount a profile", e);
    }
  }

  private void waitForProfile(String id, String content) {
    Awaitility.await("the catalogue has read " + id)
        .atMost(PATIENCE)
        .until(() -> asks().get("/v1/profiles/" + id).asString().contains(content));
  }
}
