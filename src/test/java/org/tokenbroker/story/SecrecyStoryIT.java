package org.tokenbroker.story;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.OpenBaoAdmin;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.sandbox.Fault;
import org.tokenbroker.sandbox.StrictAuthorizationServer;

@Requirement({"I8", "BE-2", "IV-11"})
class SecrecyStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Canaries canaries = world.canaries();

  @Test
  void noSecretIsFoundOutsideTheSafeWhateverGoesWrong() {
    try (Provider troubled = world.provider("troubled", "Troubled Trust", Duration.ofSeconds(10))) {
      operator.waitsForProfile("troubled");
      everythingGoesWell(troubled);
      operatorsSendNonsense();
      consumersSendNonsense();
      browsersSendNonsense(troubled);
      theProviderAnswersNonsense(troubled);
      plantIssued(troubled.server());
    }
    plantIssued(world.brief().server());
    plantIssued(world.lasting().server());

    assertThat(canaries.leakedIn(safeContents()))
        .as("the scan finds what is there")
        .contains("client id", "client secret", "private key", "refresh token", "access token");
    assertThat(canaries.leakedIn(world.logs())).as("leaked into logs").isEmpty();
    assertThat(canaries.leakedIn(world.database().dump())).as("leaked into PostgreSQL").isEmpty();
    assertThat(canaries.leakedIn(managementDoor())).as("leaked into health or metrics").isEmpty();
    assertThat(leakedIntoAnswers()).as("leaked into answers").isEmpty();
  }

  private void everythingGoesWell(Provider provider) {
    for (Proof proof : Proof.values()) {
      String name = "secrecy-" + proof.ordinal();
      operator.registers(name, provider, proof);
      operator.connectsMachine(name, "secrecy-tenant", name);
      operator.allows("secrecy-pod", name).waitsForGeneration(name, 1);
    }
    operator.connects("secrecy-owned", "secrecy-tenant", "secrecy-0");
    operator.allows("secrecy-pod", "secrecy-owned");
    world.owner("secrecy-owner").agreesTo(operator.invites("secrecy-owned"), provider);
    world.consumer("secrecy-pod").waitsForGeneration("secrecy-owned", 2);
    for (String path :
        List.of(
            "/v1/registrations",
            "/v1/registrations/secrecy-0",
            "/v1/registrations/secrecy-2/jwks",
            "/v1/connections",
            "/v1/access-rules",
            "/v1/events",
            "/v1/webhooks",
            "/v1/profiles")) {
      assertThat(operator.asks().get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  private void operatorsSendNonsense() {
    String marker = canaries.plant("rejected input", World.marked("input"));
    JsonObject registration =
        new JsonObject()
            .put("profile", "troubled")
            .put("name", "Nonsense")
            .put("client_authentication", marker)
            .put("signing_algorithm", marker)
            .put("client_id", marker + "\u0007")
            .put("client_secret", new JsonObject().put("nested", marker))
            .put("scopes", JsonArray.of(marker + " \""))
            .put("redirect_uris", JsonArray.of("http://" + marker));
    List<Response> answers = new ArrayList<>();
    answers.add(sends("/v1/registrations/nonsense", registration.encode()));
    answers.add(
        sends(
            "/v1/registrations/nonsense",
            registration
                .put("client_secret", marker)
                .put("private_key_jwk", new JsonObject().put("kty", "EC").put("d", marker))
                .encode()));
    answers.add(
        sends("/v1/registrations/nonsense", "{\"client_secret\": \"" + marker + "\", oops"));
    answers.add(sends("/v1/registrations/nonsense", "\"" + marker + "\""));
    answers.add(sends("/v1/registrations/nonsense", "{\"client_secret\": [\"" + marker + "\"]}"));
    answers.add(sends("/v1/connections/nonsense", "{\"tenant\": {\"a\": \"" + marker + "\"}}"));
    answers.add(
        sends(
            "/v1/connections/nonsense",
            new JsonObject()
                .put("tenant", marker + "!")
                .put("registration", marker + "!")
                .put("grant_type", marker)
                .put("scopes", JsonArray.of(marker + "\""))
                .encode()));
    answers.add(sends("/v1/access-rules/nonsense", "{\"consumer\": \"" + marker + "\"}"));
    answers.add(
        sends(
            "/v1/webhooks/nonsense",
            new JsonObject()
                .put("url", "https://" + marker + "@receiver.test/")
                .put("secret", "whsec_" + marker)
                .put("tennants", marker)
                .encode()));
    answers.add(operator.asks().get("/v1/events?after=" + marker + "&kind=" + marker));
    answers.add(
        operator
            .asks()
            .contentType(ContentType.TEXT)
            .body(marker)
            .put("/v1/registrations/nonsense"));
    answers.add(operator.asks().get("/v1/connections?limit=" + marker + "&state=" + marker));
    assertThat(answers).extracting(Response::statusCode).allMatch(status -> status / 100 == 4);
  }

  private void consumersSendNonsense() {
    String marker = canaries.plant("rejected input of a consumer", World.marked("wish"));
    Consumer consumer = world.consumer("secrecy-pod");
    List<Response> answers = new ArrayList<>();
    answers.add(consumer.asks().get("/v1/connections/secrecy-0/token?min_ttl=" + marker));
    answers.add(consumer.asks().get("/v1/connections/secrecy-0/token?scope=" + marker));
    answers.add(
        consumer
            .asks()
            .contentType(ContentType.JSON)
            .body(
                new JsonObject()
                    .put("generation", 999)
                    .put("status", 401)
                    .put("www_authenticate", "Bearer realm=\"" + marker + "\"")
                    .encode())
            .post("/v1/connections/secrecy-0/token/report"));
    answers.add(
        consumer
            .asks()
            .contentType(ContentType.JSON)
            .body("{\"generation\": \"" + marker + "\"}")
            .post("/v1/connections/secrecy-0/token/report"));
    assertThat(answers).extracting(Response::statusCode).allMatch(status -> status / 100 == 4);
  }

  private void browsersSendNonsense(Provider provider) {
    String marker = canaries.plant("rejected callback", World.marked("callback"));
    operator.connects("secrecy-refused", "secrecy-tenant", "secrecy-1");
    Owner owner = world.owner("secrecy-refuser");
    owner.refuses(operator.invites("secrecy-refused"), provider);
    String callback = World.PUBLIC_URL + "/callback/secrecy-1";
    List<Page> pages = new ArrayList<>();
    for (String query :
        List.of(
            "?code=" + marker,
            "?code=" + marker + "&state=" + marker,
            "?error=" + marker + "&error_description=" + marker + "&state=" + marker,
            "?code=" + marker + "&code=" + marker + "&state=" + marker,
            "?state=" + marker + "&iss=https://" + marker)) {
      pages.add(owner.opens(URI.create(callback + query)));
    }
    pages.add(owner.opens(URI.create(World.PUBLIC_URL + "/consent/" + marker)));
    URI authorize = owner.goesTo(operator.invites("secrecy-refused"), provider);
    String state = Query.of(authorize).value("state").orElseThrow();
    pages.add(
        owner.opens(
            URI.create(
                callback
                    + "?error=access_denied&error_description="
                    + marker
                    + "&iss="
                    + marker
                    + "&state="
                    + state)));
    assertThat(pages).extracting(Page::status).allMatch(status -> status >= 400);
  }

  /** Each kind of bad answer once, to a first token, to a code and to a refresh. */
  private void theProviderAnswersNonsense(Provider provider) {
    String marker = canaries.plant("provider's text", World.marked("upstream"));
    JsonObject error =
        new JsonObject().put("error_description", marker).put("error_uri", "https://" + marker);
    List<Fault> faults =
        List.of(
            page(marker),
            Fault.json(400, error.copy().put("error", "invalid_request")),
            Fault.json(400, error.copy().put("error", marker)),
            Fault.json(401, error.copy().put("error", "invalid_client")),
            Fault.invalidGrant(marker));
    for (Fault fault : faults) {
      refusedAtConsent(provider, fault);
    }
    provider.server().faults().nextRefresh(Fault.invalidGrant(marker));
    operator.waitsForState("secrecy-owned", "needs_consent");
    provider
        .server()
        .faults()
        .next("client_credentials", 1, Fault.json(500, error.copy().put("access_token", marker)));
    provider.server().faults().next("client_credentials", 1, Fault.redirect("/" + marker));
    Awaitility.await("every fault is played")
        .atMost(PATIENCE)
        .until(() -> provider.server().faults().isPlayed());
  }

  private void refusedAtConsent(Provider provider, Fault fault) {
    operator.connects("secrecy-unlucky", "secrecy-tenant", "secrecy-1");
    Owner owner = world.owner("secrecy-unlucky");
    URI callback = owner.allowsAt(owner.goesTo(operator.invites("secrecy-unlucky"), provider));
    provider.server().faults().next("authorization_code", 1, fault);
    assertThat(owner.returnsBy(callback).status()).isGreaterThanOrEqualTo(500);
    assertThat(provider.server().faults().isPlayed()).isTrue();
  }

  private static Fault page(String marker) {
    return new Fault.Answer(
        Fault.Effect.APPLIED,
        200,
        Map.of("Content-Type", "text/html", "X-Upstream", marker),
        "<title>" + marker + "</title>");
  }

  private Response sends(String path, String body) {
    return operator.asks().contentType(ContentType.JSON).body(body).put(path);
  }

  private void plantIssued(StrictAuthorizationServer server) {
    for (String secret : server.issuedSecrets()) {
      String kind =
          secret.contains("-at-")
              ? "access token"
              : secret.contains("-rt-") ? "refresh token" : "code";
      canaries.plant(kind, secret);
    }
  }

  /** What the transcript must not hold; tokens and links are in the answers made for them. */
  private Set<String> leakedIntoAnswers() {
    Set<String> found = new TreeSet<>();
    for (Transcript.Said said : world.transcript().everything()) {
      Set<String> leaked = canaries.leakedIn(said.text());
      leaked.removeAll(meant(said));
      leaked.forEach(kind -> found.add(kind + " in " + said.request() + " " + said.status()));
    }
    return found;
  }

  private static Set<String> meant(Transcript.Said said) {
    boolean token =
        said.status() == 200
            && (said.request().endsWith("/token") || said.request().endsWith("/report"));
    if (token) {
      return Set.of("access token", "API key");
    }
    boolean made = said.status() == 201;
    boolean page = said.request().startsWith("page ");
    Set<String> meant = new TreeSet<>();
    if (page || (made && said.request().endsWith("/consent"))) {
      meant.add("consent ticket");
    }
    if (page || (made && said.request().endsWith("/claim-link"))) {
      meant.add("claim ticket");
    }
    return meant;
  }

  private String managementDoor() {
    StringBuilder everything = new StringBuilder();
    for (String path :
        List.of(
            "/q/metrics",
            "/q/health",
            "/q/health/live",
            "/q/health/ready",
            "/q/health/started",
            "/q/health/group/dependencies")) {
      Response answer = given().baseUri(world.broker().managementDoor().toString()).get(path);
      everything.append(answer.headers()).append(answer.asString());
    }
    assertThat(everything).contains("token_broker_token_requests");
    return everything.toString();
  }

  /** Every document of the broker in OpenBao. */
  private String safeContents() {
    StringBuilder all = new StringBuilder();
    read("token-broker/", all);
    return all.toString();
  }

  private void read(String folder, StringBuilder all) {
    OpenBaoAdmin admin = world.vault().admin();
    JsonArray names =
        admin
            .call("LIST", World.MOUNT + "/metadata/" + folder, null)
            .getJsonObject("data")
            .getJsonArray("keys");
    for (int i = 0; i < names.size(); i++) {
      String path = folder + names.getString(i);
      if (path.endsWith("/")) {
        read(path, all);
      } else if (!admin.versions(World.MOUNT, path).isEmpty()) {
        all.append(String.join("\n", values(admin.read(World.MOUNT, path)))).append('\n');
      }
    }
  }

  /** Unescaped, unlike in JSON. */
  private static List<String> values(JsonObject document) {
    return document.stream().map(field -> String.valueOf(field.getValue())).toList();
  }
}
