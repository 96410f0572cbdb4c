package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.counterpart.Call;
import org.tokenbroker.counterpart.FlemishServer;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.Requirement;

/**
 * Digitaal Vlaanderen, by its shipped profile, against counterparts of its new server: one is
 * production, the other the test environment.
 */
@TestInstance(Lifecycle.PER_CLASS)
class DigitaalVlaanderenStoryIT {
  private static final String PROFILE = "digitaal-vlaanderen";
  private static final String NAME = "Digitaal Vlaanderen";
  private static final String SERVERS =
      "[authenticatie.vlaanderen.be, authenticatie-ti.vlaanderen.be]";
  private static final String READ = "gipod_read";
  private static final String WRITE = "gipod_write";
  private static final String OFFLINE = "offline_access";
  private static final String FOREIGN = "https://planner.customer.test/back";

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final FlemishServer production = server("dv-production");
  private final FlemishServer testing = server("dv-testing");

  private FlemishServer server(String name) {
    return new FlemishServer(
        FlemishServer.Form.NEW, world.counterpartCertificate(name), world.canaries()::plant);
  }

  @BeforeAll
  void theShippedProfileLeadsToTheCounterparts() {
    production.tokensLive(Duration.ofSeconds(10));
    testing.tokensLive(Duration.ofSeconds(10));
    Shipped.profile(PROFILE)
        .with("hosts: " + SERVERS, "hosts: [127.0.0.1]")
        .with(
            "{values: " + SERVERS,
            "{kind: location, values: ['%s', '%s']"
                .formatted(production.authority(), testing.authority()))
        .mountedIn(world);
    operator.waitsForProfileToLeadTo(PROFILE, testing.authority());
  }

  @AfterAll
  void closeTheCounterparts() {
    production.close();
    testing.close();
  }

  @Test
  @Requirement({"IV-1", "IV-3", "IV-6", "IV-8", "X-6"})
  void scopeSubsetsOfOneClientAreDistinctTokensMeantForItsApi() {
    String client = client();
    production.register(client, Set.of(READ, WRITE), List.of());
    registers("dv-cc-app", client, production, List.of());
    signs("dv-cc-app", client, production);
    connectsWith("dv-read", "dv-cc-app", READ);
    connectsWith("dv-write", "dv-cc-app", WRITE);
    Consumer reader = operator.allows("dv-reader", "dv-read");
    Consumer writer = operator.allows("dv-writer", "dv-write");

    ServedToken read = reader.waitsForGeneration("dv-read", 1);
    ServedToken write = writer.waitsForGeneration("dv-write", 1);

    assertThat(read.value()).isNotEqualTo(write.value());
    assertThat(production.scopesOf(read.value())).containsExactly(READ);
    assertThat(production.scopesOf(write.value())).containsExactly(WRITE);
    assertThat(production.audienceOf(read.value())).contains("the-api");
    assertThat(testing.accepts(read.value())).isFalse();
    operator.waitsForGeneration("dv-read", read.generation() + 2);
    assertThat(reader.asksFor("dv-write").statusCode()).isEqualTo(404);
    operator.deletes("dv-read");
    operator.deletes("dv-write");
  }

  @Test
  @Requirement({"IV-2", "IV-5", "IV-11", "IV-12", "X-6"})
  void aWebClientLivesFromConsentToTheEndOfItsRefreshPeriodAndOn() {
    String client = client();
    production.register(client, scopes(), redirectUris("dv-web-app"));
    registers("dv-web-app", client, production, redirectUris("dv-web-app"));
    signs("dv-web-app", client, production);
    operator.connects("dv-web", "dv-tenant", "dv-web-app");
    Consumer consumer = operator.allows("dv-web-pod", "dv-web");
    int before = production.calls().size();

    consents("dv-web", "dv-owner");

    ServedToken first = consumer.fetches("dv-web");
    assertThat(production.accepts(first.value())).isTrue();
    assertThat(production.audienceOf(first.value())).contains("the-api");
    long later = consumer.waitsForGeneration("dv-web", first.generation() + 3).generation();
    assertThat(production.sawReuse()).isFalse();
    List<Call> calls = production.calls().subList(before, production.calls().size());
    assertThat(calls).extracting(Call::refusal).allMatch(Optional::isEmpty);
    try {
      production.refreshesFor(Duration.ZERO);
      operator.waitsForState("dv-web", "needs_consent");
      assertThat(consumer.waitsFor("dv-web", 409).asString()).contains("consent_required");
    } finally {
      production.refreshesFor(Duration.ofDays(30));
    }

    consents("dv-web", "dv-owner");

    assertThat(consumer.fetches("dv-web").generation()).isGreaterThan(later);
    assertThat(operator.stateOf("dv-web")).isEqualTo("active");
    operator.deletes("dv-web");
    assertThat(consumer.asksFor("dv-web").statusCode()).isEqualTo(404);
  }

  @Test
  @Requirement({"IV-2", "IV-4", "IV-5"})
  void aCodeThatComesBackToTheCustomersOwnApplicationIsBrought() {
    String client = client();
    testing.register(client, scopes(), redirectUris("dv-own-app"));
    registers("dv-own-app", client, testing, redirectUris("dv-own-app"));
    signs("dv-own-app", client, testing);
    operator.connects("dv-own", "dv-tenant", "dv-own-app");
    Consumer consumer = operator.allows("dv-own-pod", "dv-own");
    Owner owner = world.owner("dv-own-owner");

    URI authorize = owner.goesTo(operator.invites("dv-own", FOREIGN), NAME);
    assertThat(Query.of(authorize).value("redirect_uri")).contains(FOREIGN);
    URI back = owner.allowsAt(authorize);
    assertThat(back.toString()).startsWith(FOREIGN);
    JsonObject code =
        new JsonObject()
            .put("code", Query.of(back).value("code").orElseThrow())
            .put("state", Query.of(back).value("state").orElseThrow());
    assertThat(
            operator
                .brings("dv-own", code.copy().put("redirect_uri", "https://evil.test/back"))
                .asString())
        .contains("redirect_uri");
    assertThat(operator.brings("dv-own", code.copy().put("redirect_uri", FOREIGN)).statusCode())
        .isEqualTo(204);

    ServedToken first = consumer.fetches("dv-own");
    assertThat(testing.accepts(first.value())).isTrue();
    consumer.waitsForGeneration("dv-own", first.generation() + 1);
    assertThat(operator.brings("dv-own", code).statusCode()).isIn(400, 409);
    operator.deletes("dv-own");
  }

  private void consents(String connection, String account) {
    Owner owner = world.owner(account);
    Page page = owner.returnsBy(owner.allowsAt(owner.goesTo(operator.invites(connection), NAME)));
    assertThat(page.document().title()).isEqualTo("Thank you. Access has been granted.");
  }

  private static Set<String> scopes() {
    return Set.of(READ, OFFLINE);
  }

  private static List<URI> redirectUris(String registration) {
    return List.of(URI.create(Operator.callback(registration)), URI.create(FOREIGN));
  }

  private String client() {
    return world.canaries().plant("client id", World.marked("client"));
  }

  private void signs(String registration, String client, FlemishServer server) {
    RegistrationKeys keys = operator.keysOf(registration);
    String kid = keys.generates("ES256");
    server.upload(client, keys.keySet());
    keys.areUploaded(kid);
    assertThat(keys.activate(kid).statusCode()).isEqualTo(200);
  }

  private void connectsWith(String id, String registration, String scope) {
    int status =
        operator
            .asks()
            .contentType("application/json")
            .body(
                new JsonObject()
                    .put("tenant", "dv-tenant")
                    .put("registration", registration)
                    .put("grant_type", "client_credentials")
                    .put("scopes", JsonArray.of(scope))
                    .encode())
            .put("/v1/connections/" + id)
            .statusCode();
    assertThat(status).isEqualTo(201);
  }

  private void registers(String id, String client, FlemishServer server, List<URI> redirectUris) {
    operator.registers(
        id,
        PROFILE,
        client,
        redirectUris.isEmpty() ? List.of(READ, WRITE) : List.of(READ),
        new JsonObject()
            .put("client_authentication", "private_key_jwt")
            .put("redirect_uris", new JsonArray(redirectUris.stream().map(URI::toString).toList()))
            .put("token_parameters", new JsonObject().put("audience", "the-api"))
            .put("variables", new JsonObject().put("server", server.authority())));
  }
}
