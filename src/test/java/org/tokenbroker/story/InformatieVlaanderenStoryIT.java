package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.counterpart.Call;
import org.tokenbroker.counterpart.FlemishServer;
import org.tokenbroker.fixture.Requirement;

/**
 * Informatie Vlaanderen, by its shipped profile, against counterparts of its old server: one is
 * production, the other beta.
 */
@TestInstance(Lifecycle.PER_CLASS)
class InformatieVlaanderenStoryIT {
  private static final String PROFILE = "informatie-vlaanderen";
  private static final String SERVERS = "[oauth.vlaanderen.be, beta.oauth.vlaanderen.be]";
  private static final String READ = "gipod_read";

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final FlemishServer production = server("iv-production");
  private final FlemishServer beta = server("iv-beta");

  private FlemishServer server(String name) {
    return new FlemishServer(
        FlemishServer.Form.OLD, world.counterpartCertificate(name), world.canaries()::plant);
  }

  @BeforeAll
  void theShippedProfileLeadsToTheCounterparts() {
    production.tokensLive(Duration.ofSeconds(10));
    beta.tokensLive(Duration.ofSeconds(10));
    Shipped.profile(PROFILE)
        .with("hosts: " + SERVERS, "hosts: [127.0.0.1]")
        .with(
            "{values: " + SERVERS,
            "{kind: location, values: ['%s', '%s']"
                .formatted(production.authority(), beta.authority()))
        .mountedIn(world);
    operator.waitsForProfileToLeadTo(PROFILE, beta.authority());
  }

  @AfterAll
  void closeTheCounterparts() {
    production.close();
    beta.close();
  }

  @Test
  @Requirement({"IV-1", "IV-2", "IV-3", "IV-6", "IV-11", "X-6"})
  void betaAndProductionAreKeptApartWithSecretAndWithKey() {
    String secretClient = client();
    String secret = beta.registerWithSecret(secretClient, Set.of(READ), List.of());
    registers("iv-beta-app", secretClient, beta, bySecret(secret));
    operator.connectsMachine("iv-beta", "iv-tenant", "iv-beta-app");
    Consumer tester = operator.allows("iv-beta-pod", "iv-beta");
    String keyClient = client();
    production.register(keyClient, Set.of(READ), List.of());
    registers("iv-prod-app", keyClient, production, byKey());
    assertThat(operator.seesRegistration("iv-prod-app").getString("gap")).isEqualTo("key");
    String kid = signs("iv-prod-app", keyClient, production);
    operator.connectsMachine("iv-prod", "iv-tenant", "iv-prod-app");
    Consumer consumer = operator.allows("iv-prod-pod", "iv-prod");

    ServedToken tested = tester.waitsForGeneration("iv-beta", 1);
    ServedToken served = consumer.waitsForGeneration("iv-prod", 1);

    assertThat(beta.accepts(tested.value())).isTrue();
    assertThat(production.accepts(tested.value())).isFalse();
    assertThat(production.accepts(served.value())).isTrue();
    assertThat(beta.accepts(served.value())).isFalse();
    assertThat(consumer.asksFor("iv-beta").statusCode()).isEqualTo(404);
    assertThat(served.body().encode()).doesNotContain(kid);
    assertThat(production.signedWith(keyClient)).containsOnly(kid);
    assertThat(beta.signedWith(keyClient)).isEmpty();
    Response moved =
        operator
            .asks()
            .contentType("application/json")
            .body(registration("iv-prod-app", keyClient, beta, byKey()).encode())
            .put("/v1/registrations/iv-prod-app");
    assertThat(moved.statusCode()).isEqualTo(409);
    operator.waitsForGeneration("iv-beta", tested.generation() + 2);
    operator.waitsForGeneration("iv-prod", served.generation() + 2);
    assertThat(production.calls()).extracting(Call::grantType).doesNotContain("refresh_token");
    operator.deletes("iv-beta");
    operator.deletes("iv-prod");
  }

  @Test
  @Requirement({"IV-6", "IV-7"})
  void aKeyIsRotatedWithoutOneFailedRefresh() {
    String client = client();
    production.register(client, Set.of(READ), List.of());
    registers("iv-rotate-app", client, production, byKey());
    String old = signs("iv-rotate-app", client, production);
    operator.connectsMachine("iv-rotate", "iv-tenant", "iv-rotate-app");
    Consumer consumer = operator.allows("iv-rotate-pod", "iv-rotate");
    long first = consumer.waitsForGeneration("iv-rotate", 1).generation();
    long refusedBefore = refused(production);
    RegistrationKeys keys = operator.keysOf("iv-rotate-app");

    String next = keys.generates("RS256");
    assertThat(keys.activate(next).statusCode()).isEqualTo(409);
    operator.waitsForGeneration("iv-rotate", first + 1);
    assertThat(production.signedWith(client)).containsOnly(old);
    assertThat(keys.keySet()).contains(old, next);
    production.upload(client, keys.keySet());
    keys.areUploaded(next);
    operator.waitsForGeneration("iv-rotate", first + 2);
    assertThat(production.signedWith(client)).containsOnly(old);
    assertThat(keys.activate(next).statusCode()).isEqualTo(200);

    int signed = production.signedWith(client).size();
    operator.waitsForGeneration("iv-rotate", operator.generationOf("iv-rotate") + 2);
    assertThat(
            production.signedWith(client).subList(signed + 1, production.signedWith(client).size()))
        .isNotEmpty()
        .containsOnly(next);
    assertThat(keys.stateOf(old)).isEqualTo("retired");
    assertThat(refused(production)).isEqualTo(refusedBefore);
    assertThat(consumer.fetches("iv-rotate").generation()).isGreaterThanOrEqualTo(first + 4);
    operator.deletes("iv-rotate");
  }

  @Test
  @Requirement({"IV-6", "IV-7"})
  void aCertificateThatIsUploadedProvesTheClientByItsThumbprint() {
    String client = client();
    production.register(client, Set.of(READ), List.of());
    registers("iv-x5t-app", client, production, byKey());
    RegistrationKeys keys = operator.keysOf("iv-x5t-app");

    JsonObject key = keys.generatesCertified("RS256");
    String kid = key.getString("kid");
    String pem = keys.certificate(kid);
    production.uploadCertificate(client, pem);
    keys.areUploaded(kid);
    assertThat(keys.activate(kid).statusCode()).isEqualTo(200);
    operator.connectsMachine("iv-x5t", "iv-tenant", "iv-x5t-app");
    ServedToken served = operator.allows("iv-x5t-pod", "iv-x5t").waitsForGeneration("iv-x5t", 1);

    assertThat(production.accepts(served.value())).isTrue();
    assertThat(production.signedWith(client)).containsOnly(thumbprint(pem));
    assertThat(key.getJsonObject("certificate").getString("subject"))
        .isEqualTo("CN=iv-x5t-app,O=Story iv-x5t-app");
    assertThat(key.getJsonObject("certificate").getInstant("not_after"))
        .isAfter(Instant.now().plus(Duration.ofDays(729)));
    assertThat(pem).doesNotContain("PRIVATE");
    operator.deletes("iv-x5t");
  }

  @Test
  @Requirement({"IV-9", "IV-10"})
  void aRefusedClientIsOneAlarmOfItsRegistrationAndMendedByItsNewSecret() {
    String client = client();
    String secret = beta.registerWithSecret(client, Set.of(READ), List.of());
    registers("iv-fault-app", client, beta, bySecret(secret));
    operator.connectsMachine("iv-fault-1", "iv-tenant-1", "iv-fault-app");
    operator.connectsMachine("iv-fault-2", "iv-tenant-2", "iv-fault-app");
    Consumer one = operator.allows("iv-fault-pod-1", "iv-fault-1");
    Consumer other = operator.allows("iv-fault-pod-2", "iv-fault-2");
    long first = one.waitsForGeneration("iv-fault-1", 1).generation();
    long second = other.waitsForGeneration("iv-fault-2", 1).generation();

    String renewed = beta.registerWithSecret(client, Set.of(READ), List.of());
    operator.waitsForFault("iv-fault-app", "invalid_client");

    one.waitsFor("iv-fault-1", 503);
    other.waitsFor("iv-fault-2", 503);
    JsonObject seen = operator.seesRegistration("iv-fault-app");
    assertThat(seen.getString("name")).isEqualTo("Story iv-fault-app");
    assertThat(seen.getString("purpose")).isEqualTo("Tells a story");
    assertThat(seen.getJsonArray("contacts")).isEqualTo(JsonArray.of("ops@story.test"));
    assertThat(seen.getString("fault_probe_at")).isNotNull();
    assertThat(operator.stateOf("iv-fault-1")).isEqualTo("active");
    assertThat(operator.stateOf("iv-fault-2")).isEqualTo("active");
    assertThat(alarms("iv-fault-app"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .contains(
                        "INVALID_CLIENT", "Story iv-fault-app", "Tells a story", "ops@story.test"));

    registers("iv-fault-app", client, beta, bySecret(renewed));

    assertThat(operator.seesRegistration("iv-fault-app").getString("fault")).isNull();
    one.waitsForGeneration("iv-fault-1", first + 1);
    other.waitsForGeneration("iv-fault-2", second + 1);
    assertThat(operator.stateOf("iv-fault-1")).isEqualTo("active");
    operator.deletes("iv-fault-1");
    operator.deletes("iv-fault-2");
  }

  @Test
  @Requirement({"IV-2", "IV-4", "IV-11", "IV-12"})
  void aCodeThatAContactFetchesByHandStartsTheWholeLife() {
    String client = client();
    production.register(client, Set.of(READ), List.of());
    registers(
        "iv-hand-app",
        client,
        production,
        byKey().put("grant_types", JsonArray.of("authorization_code")));
    signs("iv-hand-app", client, production);
    assertThat(refusedConnection("iv-hand-app")).contains("grant_types");
    operator.connects("iv-hand", "iv-tenant", "iv-hand-app");
    Consumer consumer = operator.allows("iv-hand-pod", "iv-hand");
    Response link = operator.asks().post("/v1/connections/iv-hand/consent");
    assertThat(link.statusCode()).isEqualTo(409);
    assertThat(link.asString()).contains("fetched by hand");

    JsonObject code = codeByHand(client);
    assertThat(operator.brings("iv-hand", code).statusCode()).isEqualTo(204);

    assertThat(operator.stateOf("iv-hand")).isEqualTo("active");
    assertThat(operator.brings("iv-hand", code).asString()).contains("code_already_used");
    ServedToken first = consumer.fetches("iv-hand");
    assertThat(production.accepts(first.value())).isTrue();
    assertThat(production.calls())
        .filteredOn(call -> call.grantType().equals("authorization_code"))
        .allSatisfy(call -> assertThat(call.parameters()).doesNotContain("redirect_uri"));
    long later = consumer.waitsForGeneration("iv-hand", first.generation() + 3).generation();
    assertThat(production.sawReuse()).isFalse();

    production.revoke("contact");
    operator.waitsForState("iv-hand", "needs_consent");
    assertThat(consumer.waitsFor("iv-hand", 409).asString()).contains("consent_required");
    assertThat(operator.brings("iv-hand", new JsonObject().put("code", "made-up")).asString())
        .contains("code_rejected");
    assertThat(operator.brings("iv-hand", codeByHand(client)).statusCode()).isEqualTo(204);

    assertThat(consumer.fetches("iv-hand").generation()).isGreaterThan(later);
    assertThat(world.logs()).contains("event=authorization_code outcome=kept", "outcome=replayed");
    assertThat(world.logs()).doesNotContain(code.getString("code"));
    operator.deletes("iv-hand");
    assertThat(consumer.asksFor("iv-hand").statusCode()).isEqualTo(404);
  }

  /** SHA-1 of the certificate, as the provider's manual says. */
  private static String thumbprint(String pem) {
    byte[] certificate =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-1").digest(certificate));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private JsonObject codeByHand(String client) {
    return new JsonObject()
        .put("code", world.canaries().plant("code", production.codeByHand(client, "contact")));
  }

  /** What the broker says to a connection of a grant that the registration leaves out. */
  private String refusedConnection(String registration) {
    Response answer =
        operator
            .asks()
            .contentType("application/json")
            .body(
                new JsonObject()
                    .put("tenant", "iv-tenant")
                    .put("registration", registration)
                    .put("grant_type", "client_credentials")
                    .encode())
            .put("/v1/connections/iv-refused");
    assertThat(answer.statusCode()).isEqualTo(400);
    return answer.asString();
  }

  private List<String> alarms(String registration) {
    return Awaitility.await("the alarm is in the log")
        .until(
            () ->
                world
                    .logs()
                    .lines()
                    .filter(line -> line.contains("Registration " + registration + " is faulty"))
                    .toList(),
            lines -> !lines.isEmpty());
  }

  private static long refused(FlemishServer server) {
    return server.calls().stream().filter(call -> call.refusal().isPresent()).count();
  }

  private String client() {
    return world.canaries().plant("client id", World.marked("client"));
  }

  /** Generates a key, uploads it at the provider and lets it sign; its name. */
  private String signs(String registration, String client, FlemishServer server) {
    RegistrationKeys keys = operator.keysOf(registration);
    String kid = keys.generates("RS256");
    server.upload(client, keys.keySet());
    keys.areUploaded(kid);
    assertThat(keys.activate(kid).statusCode()).isEqualTo(200);
    return kid;
  }

  private void registers(String id, String client, FlemishServer server, JsonObject proof) {
    operator.registers(
        id,
        PROFILE,
        client,
        List.of(READ),
        proof
            .put("redirect_uris", new JsonArray())
            .put("variables", new JsonObject().put("server", server.authority())));
  }

  private static JsonObject registration(
      String id, String client, FlemishServer server, JsonObject proof) {
    return new JsonObject()
        .put("profile", PROFILE)
        .put("name", "Story " + id)
        .put("client_id", client)
        .put("scopes", JsonArray.of(READ))
        .put("variables", new JsonObject().put("server", server.authority()))
        .mergeIn(proof);
  }

  private static JsonObject bySecret(String secret) {
    return new JsonObject()
        .put("client_authentication", "client_secret_post")
        .put("client_secret", secret);
  }

  private static JsonObject byKey() {
    return new JsonObject().put("client_authentication", "private_key_jwt");
  }
}
