package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Keycloak;
import org.tokenbroker.fixture.KeycloakRealm;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.sandbox.OAuthClient;

/** The stories again, with a real authorization server. */
class KeycloakStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration TOKEN_LIFE = Duration.ofSeconds(10);
  private static final List<String> SCOPES = List.of("openid", "offline_access");

  private static Keycloak keycloak;
  private static KeycloakRealm realm;

  private final World world = World.shared();
  private final Operator operator = world.operator();

  @BeforeAll
  static void start() {
    World world = World.shared();
    keycloak = Keycloak.shared();
    realm = keycloak.freshRealm(Operator.callback("keycloak-app"));
    realm.accessTokenLife(TOKEN_LIFE);
    realm.plantedSecrets().forEach(secret -> world.canaries().plant("Keycloak secret", secret));
    world.profile("keycloak", profile());
    world.operator().waitsForProfile("keycloak");
  }

  @Test
  @Requirement({"MO-2", "MO-10", "MO-13", "MO-15", "MK-9", "G-14", "X-3", "C5", "C7", "B2", "B3"})
  void fiveGenerationsByRotationThenRevocationThenConsentInPlace() {
    operator.registers(
        "keycloak-app",
        "keycloak",
        KeycloakRealm.CODE_BASIC,
        SCOPES,
        secretOf(KeycloakRealm.CODE_BASIC));
    operator.connects("keycloak-owned", "keycloak-tenant", "keycloak-app");
    Consumer consumer = operator.allows("keycloak-pod", "keycloak-owned");
    Owner owner = world.owner("alice");

    agrees(owner);
    TreeMap<Long, String> tokens = new TreeMap<>();
    Awaitility.await("five generations")
        .atMost(PATIENCE)
        .until(
            () -> {
              ServedToken token = consumer.fetches("keycloak-owned");
              assertThat(token.expiresAt()).isAfter(Instant.now());
              tokens.put(token.generation(), token.value());
              return tokens.size() >= 5;
            });

    assertThat(tokens.values()).doesNotHaveDuplicates();
    assertThat(realm.accepts(consumer.fetches("keycloak-owned").value())).isTrue();
    assertThat(operator.stateOf("keycloak-owned")).isEqualTo("active");

    realm.revokeConsent("alice", KeycloakRealm.CODE_BASIC);

    operator.waitsForState("keycloak-owned", "needs_consent");
    assertThat(consumer.waitsFor("keycloak-owned", 409).asString()).contains("consent_required");

    agrees(owner);

    ServedToken renewed = consumer.waitsForGeneration("keycloak-owned", tokens.lastKey() + 1);
    assertThat(realm.accepts(renewed.value())).isTrue();
    assertThat(operator.stateOf("keycloak-owned")).isEqualTo("active");
    operator.deletes("keycloak-owned");
  }

  @Test
  @Requirement({"IV-3", "MK-5"})
  void aMachineWithASecretIsServedAndRenewed() {
    isServedAndRenewed(
        "keycloak-secret", KeycloakRealm.MACHINE_SECRET, secretOf(KeycloakRealm.MACHINE_SECRET));
  }

  @Test
  @Requirement({"IV-3", "IV-6", "C10"})
  void aMachineWithAKeyIsServedAndRenewed() {
    Proof.Pair pair = Proof.SIGNED_ASSERTION.make(world.canaries());
    realm.trustKeys(((OAuthClient.PrivateKeyJwt) pair.authentication()).jwks());
    isServedAndRenewed("keycloak-key", KeycloakRealm.MACHINE_JWT, pair.registration());
  }

  private void isServedAndRenewed(String name, String clientId, JsonObject proof) {
    operator.registers(name, "keycloak", clientId, List.of(), proof);
    operator.connectsMachine(name, "keycloak-tenant", name);
    Consumer consumer = operator.allows(name + "-pod", name);

    ServedToken first = consumer.waitsForGeneration(name, 1);
    ServedToken second = consumer.waitsForGeneration(name, first.generation() + 1);

    assertThat(second.value()).isNotEqualTo(first.value());
    operator.deletes(name);
  }

  private void agrees(Owner owner) {
    URI authorize = owner.goesTo(operator.invites("keycloak-owned"), "Keycloak");
    assertThat(Query.of(authorize).value("code_challenge_method")).contains("S256");
    assertThat(owner.returnsBy(realm.agree(authorize, "alice")).document().title())
        .isEqualTo("Thank you. Access has been granted.");
  }

  private static JsonObject secretOf(String clientId) {
    return new JsonObject()
        .put("client_authentication", "client_secret_basic")
        .put("client_secret", realm.secret(clientId));
  }

  private static String profile() {
    return """
    id: keycloak
    name: Keycloak
    issuer: %s
    endpoints:
      authorize: %s
      token: %s
      revoke: %s
    grants: [authorization_code, client_credentials]
    client_authentication: [client_secret_basic, private_key_jwt]
    authorize:
      require_iss: true
    token:
      require_refresh_token: true
    refresh:
      rotation: strict
    """
        .formatted(
            realm.issuer(),
            realm.authorizationEndpoint(),
            realm.tokenEndpoint(),
            realm.revocationEndpoint());
  }
}
