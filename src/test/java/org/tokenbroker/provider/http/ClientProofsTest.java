package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.provider.http.RecordingProvider.Came;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** How our client proves itself, as it goes over the wire: exactly one proof in each request. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class ClientProofsTest {
  private static final String SECRET = "a secret of thirty-two bytes or more";
  private static final TokenRequest ASK = new TokenRequest.ClientCredentials(Scopes.of("read"));

  @Inject TokenEndpoint endpoint;

  private final RecordingProvider provider = new RecordingProvider();

  /** See {@link TokenRequestsTest#warmUp}. */
  @BeforeEach
  void warmUp() {
    request(client(ClientAuthenticationMethod.NONE, Optional.empty()));
    request(client(ClientAuthenticationMethod.NONE, Optional.of("acme-client")));
    provider.forget();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  @Requirement("C1")
  void aSecretCanSignTheAssertionAndIsNotSent() throws JoseException {
    Came request = sent(client(ClientAuthenticationMethod.CLIENT_SECRET_JWT, Optional.empty()));

    assertThat(request.form())
        .containsOnlyKeys(
            "grant_type", "scope", "client_id", "client_assertion_type", "client_assertion")
        .containsEntry("client_assertion_type", ClientAssertion.TYPE);
    assertThat(request.header("Authorization")).isEmpty();
    String assertion = assertion(request);
    assertThat(part(assertion, 0).getString("alg")).isEqualTo("HS256");
    assertThat(part(assertion, 0).containsKey("kid")).isFalse();
    assertThat(part(assertion, 1).getString("aud")).isEqualTo(provider.base().toString());
    JsonWebSignature signed = new JsonWebSignature();
    signed.setCompactSerialization(assertion);
    signed.setKey(new HmacKey(SECRET.getBytes(StandardCharsets.UTF_8)));
    assertThat(signed.verifySignature()).isTrue();
  }

  @Test
  @Requirement("C13")
  void aCertificateIsShownInTheHandshakeAndTheClientNamesItself() {
    Came request =
        sent(client(ClientAuthenticationMethod.TLS_CLIENT_AUTH, Optional.of("acme-client")));

    assertThat(request.client())
        .hasValueSatisfying(name -> assertThat(name).contains(CallsToProviders.CLIENT));
    assertThat(request.form())
        .containsOnlyKeys("grant_type", "scope", "client_id")
        .containsEntry("client_id", Callers.ID);
    assertThat(request.header("Authorization")).isEmpty();
  }

  @Test
  @Requirement("C13")
  void aCertificateCanGoBesideASecretToo() {
    Came request =
        sent(client(ClientAuthenticationMethod.CLIENT_SECRET_POST, Optional.of("acme-client")));

    assertThat(request.client()).isPresent();
    assertThat(request.form()).containsEntry("client_secret", SECRET);
  }

  @Test
  void aRegistrationThatNamesNoCertificateShowsNone() {
    assertThat(
            sent(client(ClientAuthenticationMethod.CLIENT_SECRET_POST, Optional.empty())).client())
        .isEmpty();
  }

  @Test
  void aRegistrationWhoseCertificateIsGoneSendsNothing() {
    assertThat(request(client(ClientAuthenticationMethod.TLS_CLIENT_AUTH, Optional.of("removed"))))
        .isEqualTo(new TokenReply.Unreachable(TokenReply.Obstacle.CREDENTIAL_UNUSABLE));
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  @Requirement({"C10", "C11", "IV-12"})
  void everyRequestCarriesAnAssertionOfItsOwnByTheRulesOfTheProfile() throws JoseException {
    ProviderClient client =
        signing(
            Callers.profile(provider.base())
                .assertion(
                    "{audience: '%s/token', issuer: callback.example, lifetime: 5m, iat_skew: 30s,"
                            .formatted(provider.base())
                        + " typ: JWT, claims: {realm: beta}}"));
    Instant before = Instant.now();

    String first = assertion(sent(client));
    String second = assertion(sent(client));

    JsonObject claims = part(first, 1);
    assertThat(part(first, 0).getString("typ")).isEqualTo("JWT");
    assertThat(claims.getString("aud")).isEqualTo(provider.base() + "/token");
    assertThat(claims.getString("iss")).isEqualTo("callback.example");
    assertThat(claims.getString("sub")).isEqualTo(Callers.ID);
    assertThat(claims.getString("realm")).isEqualTo("beta");
    assertThat(claims.getLong("iat"))
        .isBetween(before.getEpochSecond() - 30, Instant.now().getEpochSecond() - 30);
    assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(300);
    assertThat(part(second, 1).getString("jti")).isNotEqualTo(claims.getString("jti"));
  }

  @Test
  @Requirement({"C10", "X-5"})
  void anAssertionCanGoInAJsonBody() throws JoseException {
    Came request = sent(signing(Callers.profile(provider.base()).with("token", "{body: json}")));

    assertThat(request.json())
        .containsOnlyKeys(
            "grant_type", "scope", "client_id", "client_assertion_type", "client_assertion");
  }

  @Test
  @Requirement("IV-10")
  void aKeyThatCannotSignSendsNothingAndSaysSo() throws JoseException {
    ProviderClient unnamed = signing(Callers.profile(provider.base()).assertion("{key_id: x5t}"));

    assertThat(request(unnamed))
        .isEqualTo(new TokenReply.Unreachable(TokenReply.Obstacle.CREDENTIAL_UNUSABLE));
    assertThat(provider.requests()).isEmpty();
  }

  private ProviderClient signing(ProfileFixture profile) throws JoseException {
    PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    return Callers.client(
        profile.profile(),
        ClientAuthenticationMethod.PRIVATE_KEY_JWT,
        new ClientSecrets(
            Secret.of(Callers.ID),
            Optional.empty(),
            Optional.of(Secret.of(key.toJson(OutputControlLevel.INCLUDE_PRIVATE)))),
        Optional.of(new Registration.Signing("ES256", "key-1")));
  }

  private ProviderClient client(ClientAuthenticationMethod method, Optional<String> tls) {
    return Callers.client(
        Callers.profile(provider.base()).profile(),
        method,
        new ClientSecrets(Secret.of(Callers.ID), Optional.of(Secret.of(SECRET)), Optional.empty()),
        Optional.empty(),
        new Particulars(Map.of(), Map.of(), Map.of(), tls));
  }

  private Came sent(ProviderClient client) {
    provider.forget();
    assertThat(request(client)).isInstanceOf(TokenReply.Granted.class);
    return provider.onlyRequest();
  }

  private TokenReply request(ProviderClient client) {
    return endpoint.request(client, ASK).await().atMost(Duration.ofSeconds(30));
  }

  private static String assertion(Came request) {
    return request.form().getOrDefault("client_assertion", "");
  }

  private static JsonObject part(String assertion, int index) {
    String encoded = List.of(assertion.split("\\.")).get(index);
    return new JsonObject(
        new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
  }
}
