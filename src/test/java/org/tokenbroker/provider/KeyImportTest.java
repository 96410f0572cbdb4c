package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.provider.KeyScene.ecKey;
import static org.tokenbroker.provider.KeyScene.privatePart;

import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.KeyImport.Read;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.token.Secret;

class KeyImportTest {
  private final KeyMaterial certified =
      Certificates.shared().consumer("signs-assertions").material();

  @Test
  @Requirement("IV-6")
  void aKeyWithItsCertificateIsNamedByItsThumbprint() throws Exception {
    SigningKey key = read(jwk(certified), Optional.of(certified.chainPem()), Optional.empty());

    String thumbprint = sha1(certified.certificate());
    assertThat(key.certificateThumbprint()).contains(thumbprint);
    assertThat(key.keyId()).isEqualTo(thumbprint);
    JsonObject shown = new JsonObject(key.publicJwk("ES256"));
    assertThat(shown.getString("x5t")).isEqualTo(thumbprint);
    assertThat(shown.getJsonArray("x5c")).hasSameSizeAs(certified.chain());
    assertThat(shown.fieldNames()).doesNotContain("d");
  }

  @Test
  @Requirement("IV-6")
  void theCertificateMayStandInTheJwk() throws Exception {
    PublicJsonWebKey key = jwk(certified);
    key.setCertificateChain(certified.chain());

    SigningKey read = read(key, Optional.empty(), Optional.of("named"));

    assertThat(read.keyId()).isEqualTo("named");
    assertThat(read.certificateThumbprint()).contains(sha1(certified.certificate()));
    assertThat(SigningKey.of(read.jwk())).contains(read);
  }

  @Test
  void aCertificateOfAnotherKeyIsRefused() throws Exception {
    KeyMaterial other = Certificates.shared().consumer("signs-something-else").material();

    assertThat(wrong(jwk(certified), Optional.of(other.chainPem()))).isEqualTo("certificate_chain");
    assertThat(wrong(jwk(certified), Optional.of("no PEM"))).isEqualTo("certificate_chain");
    PublicJsonWebKey mixed = jwk(certified);
    JsonObject json = new JsonObject(mixed.toJson(OutputControlLevel.INCLUDE_PRIVATE));
    json.put("x5c", List.of(Base64.getEncoder().encodeToString(other.certificate().getEncoded())));
    assertThat(new KeyImport(Secret.of(json.encode()), Optional.empty(), Optional.empty()).read())
        .isInstanceOf(Read.Wrong.class);
  }

  @Test
  void aKeyWithoutANameIsNamedByItsThumbprint() {
    PublicJsonWebKey key = ecKey("ignored");
    key.setKeyId(null);

    assertThat(read(key, Optional.empty(), Optional.empty()).keyId())
        .isEqualTo(key.calculateBase64urlEncodedThumbprint("SHA-256"));
  }

  @Test
  void halvesThatDoNotBelongTogetherAreRefused() {
    JsonObject one = new JsonObject(privatePart(ecKey("one")).reveal());
    JsonObject other = new JsonObject(privatePart(ecKey("other")).reveal());
    one.put("d", other.getString("d"));

    assertThat(new KeyImport(Secret.of(one.encode()), Optional.empty(), Optional.empty()).read())
        .isInstanceOf(Read.Wrong.class);
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void whatIsNoPrivateKeyIsRefusedWithoutRepeatingIt(String jwk) {
    Read read = new KeyImport(Secret.of(jwk), Optional.empty(), Optional.empty()).read();

    assertThat(read).isInstanceOf(Read.Wrong.class);
    assertThat(read.toString()).contains("private_key_jwk").doesNotContain("canary");
  }

  static Stream<String> unusable() throws JoseException {
    return Stream.of(
        "canary",
        "{\"kty\":\"EC\",\"canary\":1}",
        "{\"kty\":\"oct\",\"k\":\"Y2FuYXJ5\",\"kid\":\"a\"}",
        ecKey("public").toJson(OutputControlLevel.PUBLIC_ONLY),
        RsaJwkGenerator.generateJwk(1024).toJson(OutputControlLevel.INCLUDE_PRIVATE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a/b", "a\nb", "\"", ""})
  void aNameThatDoesNotFitPathsAndLogsIsRefused(String name) {
    Read read = new KeyImport(privatePart(ecKey("a")), Optional.empty(), Optional.of(name)).read();

    assertThat(read)
        .isInstanceOfSatisfying(
            Read.Wrong.class, wrong -> assertThat(wrong.field()).isEqualTo("kid"));
  }

  /** A member that belongs to no public half of this kind must not be shown as one. */
  @Test
  @Requirement("IV-6")
  void membersThatNobodyKnowsAreLeftAway() {
    JsonObject jwk = new JsonObject(privatePart(ecKey("a")).reveal()).put("p", "canary");

    SigningKey key = SigningKey.of(Secret.of(jwk.encode())).orElseThrow();

    assertThat(key.publicJwk("ES256")).doesNotContain("canary");
  }

  @Test
  void aKeyNeverShowsItsPrivatePartByItself() {
    PublicJsonWebKey key = ecKey("a");
    String secret = new JsonObject(privatePart(key).reveal()).getString("d");

    assertThat(read(key, Optional.empty(), Optional.empty()).toString()).doesNotContain(secret);
    assertThat(new KeyImport(privatePart(key), Optional.empty(), Optional.empty()).toString())
        .doesNotContain(secret);
  }

  private static SigningKey read(
      PublicJsonWebKey key, Optional<String> chain, Optional<String> name) {
    Read read = new KeyImport(privatePart(key), chain, name).read();
    assertThat(read).isInstanceOf(Read.Key.class);
    return ((Read.Key) read).key();
  }

  private static String wrong(PublicJsonWebKey key, Optional<String> chain) {
    Read read = new KeyImport(privatePart(key), chain, Optional.empty()).read();
    assertThat(read).isInstanceOf(Read.Wrong.class);
    return ((Read.Wrong) read).field();
  }

  private static PublicJsonWebKey jwk(KeyMaterial material) throws JoseException {
    PublicJsonWebKey key =
        PublicJsonWebKey.Factory.newPublicJwk(material.certificate().getPublicKey());
    key.setPrivateKey(material.key());
    return key;
  }

  private static String sha1(X509Certificate certificate) throws Exception {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
  }
}
