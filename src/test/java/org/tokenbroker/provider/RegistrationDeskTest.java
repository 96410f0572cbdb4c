package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;
import static org.tokenbroker.provider.ClientAuthenticationMethod.PRIVATE_KEY_JWT;
import static org.tokenbroker.provider.KeyScene.ecKey;
import static org.tokenbroker.provider.KeyScene.privatePart;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Registration.Signing;
import org.tokenbroker.provider.RegistrationDesk.Flaw;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.provider.RegistrationHealth.Faulty;
import org.tokenbroker.provider.RegistrationHealth.Healthy;
import org.tokenbroker.provider.store.ProviderStores;
import org.tokenbroker.token.Secret;

class RegistrationDeskTest {
  private static final MigratedDatabase DATABASE = ProviderStores.freshDatabase();

  private final KeyScene scene = new KeyScene(DATABASE, ProfileFixture.anywhere());

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  @Requirement({"IV-6", "IV-10"})
  void aKeyThatIsPutWithItsRegistrationSignsAtOnce() {
    Put put = scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("first"))));

    assertThat(signing(put)).contains(new Signing("ES256", "first"));
    assertThat(signsWith()).isEqualTo("first");
  }

  @Test
  @Requirement("IV-10")
  void aKeyIsReplacedInPlaceAndTheFormerOneDestroyed() {
    scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("first"))));

    Put put = scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("second"))));

    assertThat(put).isInstanceOf(Put.Replaced.class);
    assertThat(signsWith()).isEqualTo("second");
    assertThat(scene.held()).doesNotContain("first");
  }

  @Test
  void theSameRequestAgainChangesNothing() {
    Secret key = privatePart(ecKey("first"));
    scene.put(PRIVATE_KEY_JWT, Optional.of(key));
    int writes = scene.safe.writes();

    scene.put(PRIVATE_KEY_JWT, Optional.of(key));

    assertThat(scene.safe.writes()).isEqualTo(writes);
    assertThat(scene.ring().keys()).hasSize(1);
  }

  @Test
  void aRegistrationThatIsPutWithoutAKeyKeepsTheOnesItHas() {
    KeptKey key = scene.withoutKey().signing("ES256");

    Put put = scene.put(PRIVATE_KEY_JWT, Optional.empty());

    assertThat(signing(put)).contains(new Signing("ES256", key.keyId()));
    assertThat(signsWith()).isEqualTo(key.keyId());
  }

  @Test
  void theAlgorithmOfAKeyCanBeChangedInPlace() throws JoseException {
    PublicJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("rsa");
    Secret part = Secret.of(key.toJson(OutputControlLevel.INCLUDE_PRIVATE));
    assertThat(signing(scene.put(PRIVATE_KEY_JWT, Optional.of(part))))
        .contains(new Signing("PS256", "rsa"));

    Put put = scene.put(PRIVATE_KEY_JWT, Optional.empty(), Optional.of("RS256"));

    assertThat(signing(put)).contains(new Signing("RS256", "rsa"));
    assertThat(scene.keySet()).contains("\"alg\":\"RS256\"");
    assertThat(scene.put(PRIVATE_KEY_JWT, Optional.empty(), Optional.of("ES256")))
        .isInstanceOfSatisfying(
            Put.Flawed.class,
            flawed ->
                assertThat(flawed.flaws())
                    .extracting(Flaw::field)
                    .containsExactly("signing_algorithm"));
  }

  @Test
  void aNameThatAnotherKeyHadIsNamedWithItsFix() {
    scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("first"))));
    scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("second"))));

    for (String taken : List.of("first", "second")) {
      Put put = scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey(taken))));
      assertThat(put)
          .isInstanceOfSatisfying(
              Put.Flawed.class,
              flawed ->
                  assertThat(flawed.flaws())
                      .extracting(Flaw::field)
                      .containsExactly("private_key_jwk"));
    }
    assertThat(signsWith()).isEqualTo("second");
  }

  @Test
  @Requirement({"IV-6", "IV-10"})
  void aKeyWhoseHalvesDoNotBelongTogetherIsRefusedAndChangesNothing() {
    scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("first"))));
    int writes = scene.safe.writes();
    JsonObject mixed = new JsonObject(privatePart(ecKey("mixed")).reveal());
    String half = new JsonObject(privatePart(ecKey("other")).reveal()).getString("d");

    Put put = scene.put(PRIVATE_KEY_JWT, Optional.of(Secret.of(mixed.put("d", half).encode())));

    assertThat(put)
        .isInstanceOfSatisfying(
            Put.Flawed.class,
            flawed -> {
              assertThat(flawed.flaws())
                  .singleElement()
                  .extracting(Flaw::field)
                  .isEqualTo("private_key_jwk");
              assertThat(flawed.flaws().getFirst().fix()).contains("halves belong together");
              assertThat(flawed.toString())
                  .doesNotContain(half)
                  .doesNotContain(mixed.getString("x"));
            });
    assertThat(scene.safe.writes()).isEqualTo(writes);
    assertThat(signsWith()).isEqualTo("first");
  }

  @Test
  void aProfileThatNamesKeysByCertificateWantsOne() {
    KeyScene strict =
        new KeyScene(DATABASE, ProfileFixture.anywhere().assertion("{key_id: x5t}")).withoutKey();

    assertThat(strict.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("bare")))))
        .isInstanceOfSatisfying(
            Put.Flawed.class,
            flawed ->
                assertThat(flawed.flaws())
                    .extracting(Flaw::field)
                    .containsExactly("certificate_chain"));
  }

  @Test
  @Requirement("IV-10")
  void aFaultIsOverAsSoonAsAnotherKeySigns() {
    scene.withoutKey().signing("ES256");
    KeptKey next = scene.generated("ES256");
    value(scene.clients.faulty(scene.id, RegistrationFault.INVALID_CLIENT));
    value(scene.desk.uploaded(scene.id, next.keyId()));
    assertThat(health()).isInstanceOf(Faulty.class);

    value(scene.desk.activate(scene.id, next.keyId()));

    assertThat(health()).isEqualTo(new Healthy());
  }

  @Test
  @Requirement("IV-10")
  void aKeyThatCouldNotSignIsAFaultUntilAnotherOneIsPut() {
    scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("first"))));
    value(scene.clients.faulty(scene.id, RegistrationFault.CREDENTIAL_UNUSABLE));
    assertThat(health())
        .isInstanceOfSatisfying(
            Faulty.class,
            faulty -> assertThat(faulty.reason()).isEqualTo(RegistrationFault.CREDENTIAL_UNUSABLE));

    scene.put(PRIVATE_KEY_JWT, Optional.of(privatePart(ecKey("second"))));

    assertThat(health()).isEqualTo(new Healthy());
  }

  @Test
  @Requirement("IV-1")
  void credentialsOfOneServerAreNeverCarriedToAnother() {
    KeyScene two =
        new KeyScene(
            DATABASE,
            ProfileFixture.anywhere()
                .with("issuer", "'https://{server}/'")
                .with("variables", "{server: {values: [as.example, beta.as.example]}}")
                .with("hosts", "[as.example, beta.as.example]")
                .with(
                    "endpoints",
                    "{authorize: 'https://{server}/a', token: 'https://{server}/token'}"));
    two.putAt("beta.as.example", Optional.of("beta client"), Optional.of("beta secret"));

    for (Put carried :
        List.of(
            two.putAt("as.example", Optional.empty(), Optional.of("production secret")),
            two.putAt("as.example", Optional.of("production client"), Optional.empty()))) {
      assertThat(carried)
          .isInstanceOfSatisfying(
              Put.Flawed.class,
              flawed ->
                  assertThat(flawed.flaws()).extracting(Flaw::field).containsExactly("variables"));
    }
    assertThat(two.held()).contains("beta client", "beta secret").doesNotContain("production");
    value(
        two.desk.generate(
            two.id, new KeyWish(Optional.of("ES256"), 2048, Optional.empty(), false)));
    assertThat(
            two.putAt(
                "as.example", Optional.of("production client"), Optional.of("production secret")))
        .isInstanceOf(Put.Flawed.class);

    KeptKey key = two.ring().keys().getFirst();
    value(two.desk.withdraw(two.id, key.keyId()));
    assertThat(
            two.putAt(
                "as.example", Optional.of("production client"), Optional.of("production secret")))
        .isInstanceOf(Put.Replaced.class);
    assertThat(two.held()).doesNotContain("beta");
  }

  @Test
  @Requirement({"IV-9", "IV-10"})
  void aFaultIsToldOnceWithWhoIsToBeTold() {
    scene.withoutKey().signing("ES256");

    try (LogLines log = LogLines.capture()) {
      value(scene.clients.faulty(scene.id, RegistrationFault.INVALID_CLIENT));
      scene.time.advance(Duration.ofSeconds(1));
      value(scene.clients.faulty(scene.id, RegistrationFault.INVALID_CLIENT));

      assertThat(log.with(scene.id + " is faulty"))
          .singleElement()
          .satisfies(
              line ->
                  assertThat(line)
                      .contains("INVALID_CLIENT", "Acme Planner", "Plans", "ops@acme.test"));
    }
  }

  private RegistrationHealth health() {
    return ((ClientLookup.Ready) scene.lookUp()).client().registration().health();
  }

  private String signsWith() {
    return ((ClientLookup.Ready) scene.lookUp())
        .client()
        .secrets()
        .privateKey()
        .flatMap(SigningKey::of)
        .map(SigningKey::keyId)
        .orElse("none");
  }

  private static Optional<Signing> signing(Put put) {
    return switch (put) {
      case Put.Created created -> created.kept().registration().signing();
      case Put.Replaced replaced -> replaced.kept().registration().signing();
      case Put.Flawed flawed -> throw new AssertionError(flawed.toString());
      case Put.InUse inUse -> throw new AssertionError("in use");
      case Put.Unavailable unavailable -> throw new AssertionError("unavailable");
    };
  }
}
