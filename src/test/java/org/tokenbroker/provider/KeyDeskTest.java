package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;
import static org.tokenbroker.provider.KeyScene.done;
import static org.tokenbroker.provider.KeyScene.ecKey;
import static org.tokenbroker.provider.KeyScene.privatePart;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientLookup.Gap;
import org.tokenbroker.provider.KeyDesk.Turned;
import org.tokenbroker.provider.KeyRing.Refusal;
import org.tokenbroker.provider.store.ProviderStores;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.token.Secret;

class KeyDeskTest {
  private static final MigratedDatabase DATABASE = ProviderStores.freshDatabase();

  private final KeyScene scene = new KeyScene(DATABASE, ProfileFixture.anywhere());

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256"})
  @Requirement({"IV-6", "IV-7"})
  void aKeySignsNothingBeforeItWasUploadedAndActivated(String algorithm) {
    scene.withoutKey();
    assertThat(scene.lookUp()).isEqualTo(new ClientLookup.Incomplete(Gap.KEY));

    KeptKey key = scene.generated(algorithm);
    assertThat(key.state()).isInstanceOf(KeyState.Generated.class);
    assertThat(scene.lookUp()).isEqualTo(new ClientLookup.Incomplete(Gap.KEY));
    value(scene.desk.uploaded(scene.id, key.keyId()));
    assertThat(scene.lookUp()).isEqualTo(new ClientLookup.Incomplete(Gap.KEY));

    value(scene.desk.activate(scene.id, key.keyId()));

    ProviderClient client = ((ClientLookup.Ready) scene.lookUp()).client();
    assertThat(client.registration().signing())
        .contains(new Registration.Signing(algorithm, key.keyId()));
    assertThat(client.secrets().privateKey().flatMap(SigningKey::of))
        .map(held -> held.publicJwk(algorithm))
        .isEqualTo(key.publicJwk());
  }

  @Test
  @Requirement("IV-6")
  void aKeyOfAnotherSizeIsAnotherKeyWhateverItsName() {
    scene.withoutKey();
    KeyWish wish = new KeyWish(Optional.of("RS256"), 2048, Optional.of("named"), false);
    KeptKey key = done(value(scene.desk.generate(scene.id, wish)));

    assertThat(done(value(scene.desk.generate(scene.id, wish)))).isEqualTo(key);
    assertThat(
            value(
                scene.desk.generate(
                    scene.id, new KeyWish(wish.algorithm(), 3072, wish.keyId(), false))))
        .isEqualTo(new Turned.Refused(Refusal.KEY_ID_TAKEN));
  }

  @Test
  @Requirement("IV-7")
  void aKeyThatNobodyUploadedIsNotActivated() {
    KeptKey key = scene.withoutKey().generated("ES256");

    assertThat(value(scene.desk.activate(scene.id, key.keyId())))
        .isEqualTo(new Turned.Refused(Refusal.NOT_UPLOADED));
    assertThat(scene.lookUp()).isEqualTo(new ClientLookup.Incomplete(Gap.KEY));
  }

  @Test
  @Requirement({"IV-6", "IV-7"})
  void theOldKeySignsUntilTheNewOneTakesOverAndIsDestroyedThen() {
    KeptKey old = scene.withoutKey().signing("ES256");
    Secret oldPart = inUse();

    KeptKey next = scene.generated("ES256");
    value(scene.desk.uploaded(scene.id, next.keyId()));
    assertThat(inUse()).isEqualTo(oldPart);
    value(scene.desk.activate(scene.id, next.keyId()));

    assertThat(inUse()).isNotEqualTo(oldPart);
    assertThat(scene.ring().find(old.keyId()).orElseThrow().state())
        .isInstanceOf(KeyState.Retired.class);
    assertThat(scene.held()).contains(next.keyId()).doesNotContain(old.keyId());
    SafePath path = SafePath.of("registrations", scene.id.value());
    assertThat(scene.safe.destroyedBefore()).containsEntry(path, scene.heldVersion());
    assertThat(value(scene.desk.activate(scene.id, old.keyId())))
        .isEqualTo(new Turned.Refused(Refusal.RETIRED));
  }

  @Test
  @Requirement("IV-7")
  void aReplicaThatReadsWhileAnotherKeyTakesOverStillFindsOne() {
    KeptKey old = scene.withoutKey().signing("ES256");
    KeptKey next = scene.generated("ES256");
    value(scene.desk.uploaded(scene.id, next.keyId()));
    assertThat(scene.lookUp()).isInstanceOf(ClientLookup.Ready.class);
    scene.safe.beforeNextRead(() -> value(scene.desk.activate(scene.id, next.keyId())));

    ProviderClient client = ((ClientLookup.Ready) scene.lookUp()).client();

    assertThat(client.registration().signing().map(Registration.Signing::keyId))
        .contains(next.keyId())
        .isNotEqualTo(Optional.of(old.keyId()));
  }

  @Test
  @Requirement({"IV-6", "IV-7"})
  void theKeySetShowsANewKeyBeforeItSignsAndTheOldOneForAWhileAfter() throws JoseException {
    KeptKey old = scene.withoutKey().signing("ES256");
    KeptKey next = scene.generated("ES256");

    assertThat(published()).containsExactlyInAnyOrder(old.keyId(), next.keyId());

    value(scene.desk.uploaded(scene.id, next.keyId()));
    value(scene.desk.activate(scene.id, next.keyId()));
    scene.time.advance(KeyState.OVERLAP.minusSeconds(1));
    assertThat(published()).containsExactlyInAnyOrder(old.keyId(), next.keyId());
    scene.time.advance(Duration.ofSeconds(1));
    assertThat(published()).containsExactly(next.keyId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256"})
  @Requirement({"IV-6", "IV-11"})
  void whatIsShownOfAKeyHoldsNothingPrivate(String algorithm) throws JoseException {
    scene.withoutKey().generated(algorithm);

    PublicJsonWebKey shown =
        (PublicJsonWebKey) new JsonWebKeySet(scene.keySet()).getJsonWebKeys().getFirst();

    assertThat(shown.getPrivateKey()).isNull();
    assertThat(scene.keySet())
        .contains("\"use\":\"sig\"", "\"alg\":\"" + algorithm + "\"")
        .doesNotContain("\"d\":", "\"p\":", "\"q\":", "\"dp\":", "\"dq\":", "\"qi\":");
    assertThat(scene.ring().toString()).doesNotContain("\"d\":");
  }

  @Test
  @Requirement("IV-7")
  void atMostTwoKeysLive() {
    scene.withoutKey().signing("ES256");
    scene.generated("ES256");

    Turned third =
        value(
            scene.desk.generate(
                scene.id, new KeyWish(Optional.of("ES256"), 2048, Optional.empty(), false)));

    assertThat(third).isEqualTo(new Turned.Refused(Refusal.TWO_LIVING));
    assertThat(scene.ring().keys()).hasSize(2);
  }

  @Test
  void aKeyThatDoesNotSignCanBeGivenUp() {
    KeptKey active = scene.withoutKey().signing("ES256");
    KeptKey other = scene.generated("ES256");

    assertThat(value(scene.desk.withdraw(scene.id, active.keyId())))
        .isEqualTo(new Turned.Refused(Refusal.IN_USE));
    KeptKey gone = done(value(scene.desk.withdraw(scene.id, other.keyId())));

    assertThat(gone.state()).isInstanceOf(KeyState.Retired.class);
    assertThat(scene.held()).contains(active.keyId()).doesNotContain(other.keyId());
    assertThat(scene.keySet()).doesNotContain(other.keyId());
    assertThat(value(scene.desk.withdraw(scene.id, other.keyId())))
        .isEqualTo(new Turned.Done(gone, false));
  }

  @Test
  void aRegistrationThatProvesItselfByASecretPreparesAKeyAndGivesItUpAgain() {
    scene.put(ClientAuthenticationMethod.CLIENT_SECRET_POST, Optional.empty());
    KeptKey key = scene.signing("ES256");
    assertThat(((ClientLookup.Ready) scene.lookUp()).client().registration().signing()).isEmpty();

    scene.put(ClientAuthenticationMethod.PRIVATE_KEY_JWT, Optional.empty());
    assertThat(
            ((ClientLookup.Ready) scene.lookUp())
                .client()
                .registration()
                .signing()
                .map(Registration.Signing::keyId))
        .contains(key.keyId());

    scene.put(ClientAuthenticationMethod.CLIENT_SECRET_POST, Optional.empty());
    assertThat(done(value(scene.desk.withdraw(scene.id, key.keyId()))).isLiving()).isFalse();
    assertThat(scene.held()).doesNotContain(key.keyId());
  }

  @Test
  @Requirement("IV-6")
  void ofTwoOperatorsAtTheSameTimeNoneLosesAKey() {
    scene.withoutKey();
    scene.safe.beforeNextWrite(() -> scene.generated("ES256"));

    KeptKey slower = scene.generated("RS256");

    assertThat(scene.ring().keys()).hasSize(2).contains(slower);
    assertThat(scene.ring().keys())
        .allSatisfy(key -> assertThat(scene.held()).contains(key.keyId()));
  }

  @Test
  void whoeverComesThirdGetsNothingAndLeavesNothing() {
    scene.withoutKey();
    scene.safe.beforeNextWrite(
        () -> {
          scene.generated("ES256");
          scene.generated("ES256");
        });

    Turned third =
        value(
            scene.desk.generate(
                scene.id, new KeyWish(Optional.of("RS256"), 2048, Optional.empty(), false)));

    assertThat(third).isEqualTo(new Turned.Refused(Refusal.TWO_LIVING));
    assertThat(scene.ring().keys()).hasSize(2);
    assertThat(scene.held()).doesNotContain("RSA");
  }

  @Test
  void aKeyWhoseNameTheLedgerNeverHeardIsTakenUpByTheSameRequestAgain() {
    scene.withoutKey();
    scene.keys.lose(1);
    Turned lost =
        value(
            scene.desk.generate(
                scene.id, new KeyWish(Optional.of("ES256"), 2048, Optional.empty(), false)));
    String heldBefore = scene.held();

    KeptKey key = scene.generated("ES256");

    assertThat(lost).isEqualTo(new Turned.Unavailable());
    assertThat(heldBefore).contains(key.keyId());
    assertThat(scene.held()).isEqualTo(heldBefore);
    assertThat(scene.ring().keys()).containsExactly(key);
  }

  @Test
  void anActivationThatDidNotReachTheSafeIsCompletedByTheSameRequestAgain() {
    KeptKey old = scene.withoutKey().signing("ES256");
    KeptKey next = scene.generated("ES256");
    value(scene.desk.uploaded(scene.id, next.keyId()));
    scene.safe.failWrites(1);
    assertThat(value(scene.desk.activate(scene.id, next.keyId())))
        .isEqualTo(new Turned.Unavailable());
    assertThat(scene.held()).contains(old.keyId());
    assertThat(scene.lookUp()).isInstanceOf(ClientLookup.Ready.class);

    Turned again = value(scene.desk.activate(scene.id, next.keyId()));

    assertThat(again)
        .isInstanceOfSatisfying(Turned.Done.class, done -> assertThat(done.anew()).isFalse());
    assertThat(scene.held()).doesNotContain(old.keyId());
  }

  @Test
  void theSameNameIsGivenOnce() {
    scene.withoutKey();
    KeptKey first = done(named("2026"));

    assertThat(named("2026")).isEqualTo(new Turned.Done(first, false));
    value(scene.desk.withdraw(scene.id, "2026"));
    assertThat(named("2026")).isEqualTo(new Turned.Refused(Refusal.KEY_ID_TAKEN));
    assertThat(scene.held()).doesNotContain("2026");
  }

  @Test
  void anAlgorithmThatTheProfileDoesNotAllowMakesNoKey() {
    scene.withoutKey();

    assertThat(
            value(
                scene.desk.generate(
                    scene.id, new KeyWish(Optional.of("ES512"), 2048, Optional.empty(), false))))
        .isInstanceOfSatisfying(
            Turned.Flawed.class,
            flawed ->
                assertThat(flawed.flaws())
                    .containsExactly(
                        new RegistrationDesk.Flaw(
                            "algorithm", "must be one of the profile's: ES256, PS256, RS256")));
    assertThat(scene.ring().keys()).isEmpty();
  }

  @Test
  @Requirement("IV-6")
  void aKeyThatIsBroughtIsKeptLikeOneThatIsMade() {
    scene.withoutKey();
    KeyImport brought =
        new KeyImport(privatePart(ecKey("theirs")), Optional.empty(), Optional.empty());

    KeptKey key = done(value(scene.desk.take(scene.id, brought, Optional.empty())));

    assertThat(key.keyId()).isEqualTo("theirs");
    assertThat(key.algorithm()).isEqualTo("ES256");
    assertThat(key.state()).isInstanceOf(KeyState.Generated.class);
    assertThat(value(scene.desk.take(scene.id, brought, Optional.empty())))
        .isEqualTo(new Turned.Done(key, false));
    KeyImport other =
        new KeyImport(privatePart(ecKey("theirs")), Optional.empty(), Optional.empty());
    assertThat(value(scene.desk.take(scene.id, other, Optional.empty())))
        .isEqualTo(new Turned.Refused(Refusal.KEY_ID_TAKEN));
  }

  @ParameterizedTest
  @CsvSource({"kid,false", "thumbprint,true", "x5t,true", "both,true", "none,false"})
  @Requirement({"IV-6", "IV-12"})
  void aKeyThatIsMadeHasACertificateWhereTheProfileNamesKeysByIt(String name, boolean certified) {
    KeyScene strict =
        new KeyScene(DATABASE, ProfileFixture.anywhere().assertion("{key_id: %s}".formatted(name)));

    KeptKey key = strict.withoutKey().generated("ES256");

    assertThat(key.certificate().isPresent()).isEqualTo(certified);
    assertThat(held(strict, key).certificateThumbprint().filter(key.keyId()::equals).isPresent())
        .isEqualTo(certified);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256"})
  @Requirement({"IV-6", "BE-2"})
  void aCertificateIsOfItsKeyAndSaysWhoseItIsAndUntilWhen(String algorithm) throws Exception {
    scene.withoutKey();

    KeptKey key = done(value(scene.desk.generate(scene.id, certified(algorithm))));

    KeyCertificate shown = key.certificate().orElseThrow();
    X509Certificate certificate = read(shown.pem());
    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity(Date.from(scene.time.instant()));
    assertThat(certificate.getPublicKey())
        .isEqualTo(PublicJsonWebKey.Factory.newPublicJwk(key.publicJwk().orElseThrow()).getKey());
    assertThat(shown.subject()).isEqualTo("CN=" + scene.id + ",O=Acme Planner");
    assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
    assertThat(certificate.getKeyUsage()).containsOnlyOnce(true).startsWith(true);
    assertThat(shown.notAfter())
        .isEqualTo(scene.time.instant().plus(Duration.ofDays(730)).minus(Duration.ofMinutes(5)));
    assertThat(certificate.toString()).doesNotContain("the client id");
    assertThat(certificate.getSigAlgName())
        .isEqualTo(algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSA");
  }

  /** 500 characters, quotes, commas and other alphabets are allowed in names. */
  @Test
  void whateverARegistrationIsCalledItsKeyHasACertificate() throws Exception {
    String name = "\"Ü\", O=x + \\#<;> " + "ж".repeat(480);
    CertificateOrder order =
        new CertificateOrder(scene.id, name, Instant.parse("2026-01-01T00:00:00Z"));

    X509Certificate certificate = order.certify(ecKey("a"));

    assertThat(new LdapName(certificate.getSubjectX500Principal().getName()).getRdns())
        .containsExactly(new Rdn("O", name.substring(0, 64)), new Rdn("CN", scene.id.value()));
  }

  @Test
  void aKeyWithoutACertificateIsNotTheOneThatWasAskedForWithOne() {
    scene.withoutKey();
    KeyWish bare = new KeyWish(Optional.of("ES256"), 2048, Optional.of("2026"), false);
    KeyWish certified = new KeyWish(Optional.of("ES256"), 2048, Optional.of("2026"), true);

    KeptKey key = done(value(scene.desk.generate(scene.id, certified)));

    assertThat(key.keyId()).isEqualTo("2026");
    assertThat(value(scene.desk.generate(scene.id, certified)))
        .isEqualTo(new Turned.Done(key, false));
    assertThat(value(scene.desk.generate(scene.id, bare)))
        .isEqualTo(new Turned.Refused(Refusal.KEY_ID_TAKEN));
  }

  /** Before keys had states, a registration had one, and the ledger knew its name only. */
  @Test
  @Requirement({"IV-6", "IV-7"})
  void aKeyOfAnEarlierVersionSignsOnAndIsRotatedLikeAnyOther() throws JoseException {
    scene.withoutKey();
    SafePath path = SafePath.of("registrations", scene.id.value());
    SafeDocument earlier =
        new SafeDocument(
            Map.of(
                "client_id",
                "the client id",
                "private_key_jwk",
                privatePart(ecKey("old")).reveal()));
    value(scene.safe.write(path, earlier, scene.heldVersion()));
    KeptKey old =
        new KeptKey(
            "old",
            "ES256",
            Optional.empty(),
            new KeyState.Active(scene.time.instant()),
            scene.time.instant());
    value(
        scene.keys.change(
            scene.id,
            ring -> new KeyRing.Move.Changed(new KeyRing(true, List.of(old))),
            scene.time.instant()));

    assertThat(scene.lookUp()).isInstanceOf(ClientLookup.Ready.class);
    assertThat(published()).containsExactly("old");
    KeptKey next = scene.signing("ES256");

    assertThat(scene.ring().active()).contains(next);
    assertThat(scene.held()).contains(next.keyId()).doesNotContain("old");
  }

  @Test
  void aSafeThatIsDownChangesNothing() {
    KeptKey key = scene.withoutKey().generated("ES256");
    value(scene.desk.uploaded(scene.id, key.keyId()));
    scene.safe.goDown();

    assertThat(
            value(
                scene.desk.generate(
                    scene.id, new KeyWish(Optional.of("ES256"), 2048, Optional.empty(), false))))
        .isEqualTo(new Turned.Unavailable());
    assertThat(value(scene.desk.activate(scene.id, key.keyId())))
        .isEqualTo(new Turned.Unavailable());

    scene.safe.comeBack();
    assertThat(scene.ring().active()).isEmpty();
  }

  @Test
  void whatDoesNotExistIsUnknown() {
    assertThat(value(scene.desk.look(scene.id))).isInstanceOf(KeyDesk.Seen.Unknown.class);
    assertThat(
            value(
                scene.desk.generate(
                    scene.id, new KeyWish(Optional.of("ES256"), 2048, Optional.empty(), false))))
        .isEqualTo(new Turned.Unknown());
    scene.withoutKey();
    assertThat(value(scene.desk.uploaded(scene.id, "nothing")))
        .isEqualTo(new Turned.Refused(Refusal.UNKNOWN_KEY));
  }

  private static KeyWish certified(String algorithm) {
    return new KeyWish(Optional.of(algorithm), 2048, Optional.empty(), true);
  }

  private static X509Certificate read(String pem) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static SigningKey held(KeyScene scene, KeptKey key) {
    value(scene.desk.uploaded(scene.id, key.keyId()));
    value(scene.desk.activate(scene.id, key.keyId()));
    return ((ClientLookup.Ready) scene.lookUp())
        .client()
        .secrets()
        .privateKey()
        .flatMap(SigningKey::of)
        .orElseThrow();
  }

  private Turned named(String keyId) {
    return value(
        scene.desk.generate(
            scene.id, new KeyWish(Optional.of("ES256"), 2048, Optional.of(keyId), false)));
  }

  private Secret inUse() {
    return ((ClientLookup.Ready) scene.lookUp()).client().secrets().privateKey().orElseThrow();
  }

  private List<String> published() throws JoseException {
    return new JsonWebKeySet(scene.keySet())
        .getJsonWebKeys().stream().map(key -> key.getKeyId()).toList();
  }
}
