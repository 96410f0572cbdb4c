package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.token.Secret;

class ClientAssertionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.750Z");
  private static final String ISSUER = "https://as.example/";

  private final ObjectMapper json = new ObjectMapper();

  @Test
  @Requirement("C10")
  void theClaimsAreExactlyThoseOfTheStandard() throws Exception {
    PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);

    String assertion =
        sign(ProfileFixture.anywhere().profile(), key, "ES256").orElseThrow().reveal();

    JsonNode claims = part(assertion, 1);
    assertThat(claims.propertyStream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder("iss", "sub", "aud", "jti", "iat", "exp");
    assertThat(claims.get("iss").textValue()).isEqualTo("the-client");
    assertThat(claims.get("sub").textValue()).isEqualTo("the-client");
    assertThat(claims.get("aud").textValue()).as("one text, slash and all").isEqualTo(ISSUER);
    assertThat(claims.get("jti").textValue()).isEqualTo("unique");
    assertThat(claims.get("iat").isIntegralNumber()).isTrue();
    assertThat(claims.get("iat").longValue()).isEqualTo(NOW.getEpochSecond());
    assertThat(claims.get("exp").isIntegralNumber()).isTrue();
    assertThat(claims.get("exp").longValue()).isEqualTo(NOW.getEpochSecond() + 60);
  }

  @Test
  @Requirement("C10")
  void theHeaderNamesAlgorithmKeyAndType() throws Exception {
    PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);

    JsonNode header =
        part(sign(ProfileFixture.anywhere().profile(), key, "ES256").orElseThrow().reveal(), 0);

    assertThat(header.get("alg").textValue()).isEqualTo("ES256");
    assertThat(header.get("kid").textValue()).isEqualTo("key-1");
    assertThat(header.get("typ").textValue()).isEqualTo("client-authentication+jwt");
  }

  @Test
  @Requirement({"C10", "C11", "IV-12"})
  void audienceLifetimeAndTypeAreProfileData() throws Exception {
    PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    Profile profile =
        ProfileFixture.anywhere()
            .assertion("{audience: 'https://as.example/token', lifetime: 2m, typ: ''}")
            .profile();

    String assertion = sign(profile, key, "ES256").orElseThrow().reveal();

    assertThat(part(assertion, 0).has("typ")).isFalse();
    assertThat(part(assertion, 1).get("aud").textValue()).isEqualTo("https://as.example/token");
    assertThat(part(assertion, 1).get("exp").longValue()).isEqualTo(NOW.getEpochSecond() + 120);
  }

  @Test
  @Requirement("IV-12")
  void issuerAgeAndFurtherClaimsAreProfileData() throws Exception {
    PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    Profile profile =
        ProfileFixture.anywhere()
            .assertion("{issuer: broker.example, iat_skew: 20s, claims: {tenant: '7'}}")
            .profile();

    JsonNode claims = part(sign(profile, key, "ES256").orElseThrow().reveal(), 1);

    assertThat(claims.get("iss").textValue()).isEqualTo("broker.example");
    assertThat(claims.get("sub").textValue()).isEqualTo("the-client");
    assertThat(claims.get("iat").longValue()).isEqualTo(NOW.minusSeconds(20).getEpochSecond());
    assertThat(claims.get("exp").longValue()).isEqualTo(NOW.plusSeconds(40).getEpochSecond());
    assertThat(claims.get("tenant").textValue()).isEqualTo("7");
  }

  @ParameterizedTest
  @Requirement("IV-12")
  @CsvSource({
    "kid,true,false",
    "thumbprint,true,false",
    "x5t,false,true",
    "both,true,true",
    "none,false,false"
  })
  void theProfileSaysWhatNamesTheKey(String name, boolean kid, boolean x5t) throws Exception {
    PublicJsonWebKey key = certified();

    JsonNode header =
        part(
            sign(
                    ProfileFixture.anywhere().assertion("{key_id: %s}".formatted(name)).profile(),
                    key,
                    "ES256")
                .orElseThrow()
                .reveal(),
            0);

    assertThat(header.has("kid")).isEqualTo(kid);
    assertThat(header.has("x5t")).isEqualTo(x5t);
    boolean thumbprint = name.equals("thumbprint");
    if (kid) {
      assertThat(header.get("kid").textValue().equals("key-1")).isNotEqualTo(thumbprint);
    }
    if (x5t || thumbprint) {
      byte[] encoded = key.getLeafCertificate().getEncoded();
      assertThat(header.get(thumbprint ? "kid" : "x5t").textValue())
          .isEqualTo(
              Base64.getUrlEncoder()
                  .withoutPadding()
                  .encodeToString(MessageDigest.getInstance("SHA-1").digest(encoded)));
    }
  }

  @ParameterizedTest
  @Requirement("IV-12")
  @ValueSource(strings = {"thumbprint", "x5t", "both"})
  void aKeyWithoutCertificateSignsNothingWhereOneIsNamed(String name) throws Exception {
    PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);

    assertThat(
            sign(
                ProfileFixture.anywhere().assertion("{key_id: %s}".formatted(name)).profile(),
                key,
                "ES256"))
        .isEmpty();
  }

  private static PublicJsonWebKey certified() throws Exception {
    KeyMaterial material = Certificates.shared().subjectOnly("signer").material();
    PublicJsonWebKey key =
        PublicJsonWebKey.Factory.newPublicJwk(material.certificate().getPublicKey());
    key.setPrivateKey(material.key());
    key.setCertificateChain(material.certificate());
    return key;
  }

  @ParameterizedTest
  @Requirement("IV-6")
  @ValueSource(strings = {"RS256", "PS256", "PS512", "ES256"})
  void thePublicKeyVerifiesTheSignature(String algorithm) throws Exception {
    PublicJsonWebKey key =
        algorithm.startsWith("ES")
            ? EcJwkGenerator.generateJwk(EllipticCurves.P256)
            : RsaJwkGenerator.generateJwk(2048);

    JsonWebSignature signed = new JsonWebSignature();
    signed.setCompactSerialization(
        sign(ProfileFixture.anywhere().profile(), key, algorithm).orElseThrow().reveal());
    signed.setKey(key.getPublicKey());

    assertThat(signed.verifySignature()).isTrue();
  }

  @ParameterizedTest
  @Requirement("C10")
  @ValueSource(strings = {"none", "HS256", "RS256", "ES512", "made-up"})
  void anAlgorithmThatDoesNotFitTheKeySignsNothing(String algorithm) throws Exception {
    PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);

    assertThat(sign(ProfileFixture.anywhere().profile(), key, algorithm)).isEmpty();
  }

  private static Optional<Secret> sign(Profile profile, PublicJsonWebKey key, String algorithm) {
    return ClientAssertion.sign(
        Callers.client(
            profile,
            ClientAuthenticationMethod.PRIVATE_KEY_JWT,
            new ClientSecrets(
                Secret.of("the-client"),
                Optional.empty(),
                Optional.of(Secret.of(key.toJson(OutputControlLevel.INCLUDE_PRIVATE)))),
            Optional.of(new Registration.Signing(algorithm, "key-1"))),
        NOW,
        "unique");
  }

  private JsonNode part(String assertion, int index) throws IOException {
    return json.readTree(Base64.getUrlDecoder().decode(assertion.split("\\.")[index]));
  }
}
