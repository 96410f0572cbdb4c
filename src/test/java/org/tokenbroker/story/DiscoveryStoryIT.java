package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Keycloak;
import org.tokenbroker.fixture.KeycloakRealm;
import org.tokenbroker.fixture.Requirement;

/** The shipped profile of any OpenID provider, told nothing but a real server's issuer. */
class DiscoveryStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> SCOPES = List.of("openid", "offline_access");

  private static KeycloakRealm realm;

  private final World world = World.shared();
  private final Operator operator = world.operator();

  @BeforeAll
  static void start() {
    World world = World.shared();
    realm = Keycloak.shared().freshRealm(Operator.callback("discovered-app"));
    realm.accessTokenLife(Duration.ofSeconds(10));
    realm.plantedSecrets().forEach(secret -> world.canaries().plant("Keycloak secret", secret));
  }

  @Test
  @Requirement({"C20", "B3", "X-5"})
  void endpointsComeFromTheIssuerFromConsentToRevocation() {
    registers("discovered-app", realm.issuer().toString());
    assertThat(looksAt("discovered-app").getJsonArray("missing_endpoints")).isEmpty();
    operator.connects("discovered", "discovered-tenant", "discovered-app");
    Consumer consumer = operator.allows("discovered-pod", "discovered");

    agrees(world.owner("alice"));

    ServedToken first = consumer.waitsForGeneration("discovered", 1);
    ServedToken second = consumer.waitsForGeneration("discovered", first.generation() + 1);
    assertThat(realm.accepts(second.value())).isTrue();

    operator.deletes("discovered");
    Awaitility.await("the tokens are revoked where the metadata says")
        .atMost(PATIENCE)
        .until(() -> !realm.accepts(second.value()));
  }

  @Test
  @Requirement({"C20", "MK-6"})
  void anIssuerThatSaysNothingLeavesEndpointsMissing() {
    registers("undiscovered-app", realm.issuer() + "-that-is-not-there");

    JsonObject seen = looksAt("undiscovered-app");

    assertThat(seen.getString("gap")).isEqualTo("endpoints");
    assertThat(seen.getJsonArray("missing_endpoints"))
        .isEqualTo(JsonArray.of("endpoints.authorize", "endpoints.token"));
  }

  private void agrees(Owner owner) {
    URI authorize = owner.goesTo(operator.invites("discovered"), "OpenID provider");
    assertThat(authorize.toString()).startsWith(realm.authorizationEndpoint().toString());
    assertThat(owner.returnsBy(realm.agree(authorize, "alice")).document().title())
        .isEqualTo("Thank you. Access has been granted.");
  }

  private void registers(String id, String issuer) {
    operator.registers(
        id,
        "oidc",
        KeycloakRealm.CODE_BASIC,
        SCOPES,
        new JsonObject()
            .put("client_authentication", "client_secret_basic")
            .put("client_secret", realm.secret(KeycloakRealm.CODE_BASIC))
            .put("variables", new JsonObject().put("issuer", issuer.replaceFirst("https://", ""))));
  }

  private JsonObject looksAt(String registration) {
    return new JsonObject(operator.asks().get("/v1/registrations/" + registration).asString());
  }
}
