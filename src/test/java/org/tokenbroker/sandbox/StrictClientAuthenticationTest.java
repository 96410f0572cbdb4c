package org.tokenbroker.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.StrictProvider;

class StrictClientAuthenticationTest {
  private static final String SECRET = "a:b+c d%/é";
  private static final Map<String, String> GRANT = Map.of("grant_type", "client_credentials");

  private EllipticCurveJsonWebKey key;
  private StrictProvider provider;
  private StrictClient client;

  @BeforeEach
  void start() throws JoseException {
    key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    key.setKeyId("k1");
    provider =
        StrictProvider.start(
            StrictOptions.strict()
                .client(OAuthClient.of("basic id", new OAuthClient.SecretBasic(SECRET)))
                .client(OAuthClient.of("post", new OAuthClient.SecretPost(SECRET)))
                .client(OAuthClient.of("jwt", new OAuthClient.PrivateKeyJwt(jwks(key))))
                .client(OAuthClient.of("public", new OAuthClient.Public())));
    client = new StrictClient(provider);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  void basicIsFormDecodedBeforeItIsCompared() {
    assertThat(withBasic(encoded("basic id"), encoded(SECRET)).statusCode()).isEqualTo(200);
    HttpResponse<String> raw = withBasic("basic id", SECRET);

    assertThat(raw.statusCode()).isEqualTo(401);
    assertThat(errorOf(raw)).isEqualTo("invalid_client");
    assertThat(raw.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void secretIsAcceptedOnlyTheWayItWasRegistered() {
    assertThat(client.token(with(GRANT, "client_id", "post", "client_secret", SECRET)).statusCode())
        .isEqualTo(200);
    assertThat(errorOf(client.token(with(GRANT, "client_id", "post", "client_secret", "x"))))
        .isEqualTo("invalid_client");
    assertThat(errorOf(client.token(with(GRANT, "client_id", "post")))).isEqualTo("invalid_client");
    assertThat(errorOf(client.token(with(GRANT, "client_id", "basic id", "client_secret", SECRET))))
        .isEqualTo("invalid_client");
    assertThat(errorOf(withBasic("post", encoded(SECRET)))).isEqualTo("invalid_client");
  }

  @Test
  void publicClientGetsNoClientCredentials() {
    assertThat(errorOf(client.token(with(GRANT, "client_id", "public"))))
        .isEqualTo("unauthorized_client");
  }

  @Test
  void twoMethodsAtOnceAreRefused() {
    HttpResponse<String> both =
        client.send(
            tokenRequest(
                    StrictClient.form(with(GRANT, "client_id", "post", "client_secret", SECRET)))
                .header("Authorization", basic("post", encoded(SECRET))));

    assertThat(errorOf(both)).isEqualTo("invalid_request");
  }

  @Test
  void credentialsInTheUriAreRefused() {
    HttpResponse<String> answer =
        client.send(
            StrictClient.post(
                URI.create(provider.server().tokenEndpoint() + "?client_secret=" + encoded(SECRET)),
                StrictClient.form(with(GRANT, "client_id", "post", "client_secret", SECRET))));

    assertThat(errorOf(answer)).isEqualTo("invalid_request");
  }

  @Test
  void onlyFormsWithoutRepetitionAreRead() {
    String form = StrictClient.form(with(GRANT, "client_id", "post", "client_secret", SECRET));
    HttpResponse<String> json =
        client.send(
            HttpRequest.newBuilder(provider.server().tokenEndpoint())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(new JsonObject(new TreeMap<>(GRANT)).encode())));
    HttpResponse<String> repeated = client.send(tokenRequest(form + "&scope=read&scope=write"));

    assertThat(errorOf(json)).isEqualTo("invalid_request");
    assertThat(errorOf(repeated)).isEqualTo("invalid_request");
  }

  @Test
  void assertionIsAcceptedOnce() throws JoseException {
    String assertion = sign(key, claims("jwt", provider.server().tokenEndpoint().toString(), 60));

    assertThat(withAssertion(assertion).statusCode()).isEqualTo(200);
    assertThat(errorOf(withAssertion(assertion))).isEqualTo("invalid_client");
  }

  @Test
  void assertionMustFitInEveryClaimAndSignature() throws JoseException {
    String endpoint = provider.server().tokenEndpoint().toString();
    EllipticCurveJsonWebKey foreign = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    foreign.setKeyId("k1");
    JwtClaims otherIssuer = claims("jwt", endpoint, 60);
    otherIssuer.setIssuer("post");
    JwtClaims withoutId = claims("jwt", endpoint, 60);
    withoutId.unsetClaim("jti");

    assertThat(errorOf(withAssertion(sign(foreign, claims("jwt", endpoint, 60)))))
        .isEqualTo("invalid_client");
    assertThat(errorOf(withAssertion(sign(key, claims("jwt", provider.server().issuer(), 60)))))
        .isEqualTo("invalid_client");
    assertThat(errorOf(withAssertion(sign(key, claims("jwt", endpoint, -60)))))
        .isEqualTo("invalid_client");
    assertThat(errorOf(withAssertion(sign(key, claims("jwt", endpoint, 3600)))))
        .isEqualTo("invalid_client");
    assertThat(errorOf(withAssertion(sign(key, otherIssuer)))).isEqualTo("invalid_client");
    assertThat(errorOf(withAssertion(sign(key, withoutId)))).isEqualTo("invalid_client");
    assertThat(errorOf(withAssertion("e30.e30.e30"))).isEqualTo("invalid_client");
  }

  @Test
  void replacedKeyIsAcceptedAtOnce() throws JoseException {
    EllipticCurveJsonWebKey next = EcJwkGenerator.generateJwk(EllipticCurves.P256);
    next.setKeyId("k2");
    provider.server().register(OAuthClient.of("jwt", new OAuthClient.PrivateKeyJwt(jwks(next))));
    String endpoint = provider.server().tokenEndpoint().toString();

    assertThat(withAssertion(sign(next, claims("jwt", endpoint, 60))).statusCode()).isEqualTo(200);
    assertThat(errorOf(withAssertion(sign(key, claims("jwt", endpoint, 60)))))
        .isEqualTo("invalid_client");
  }

  @Test
  void clientCredentialsCarryNoRefreshTokenAndKeepToTheRegisteredScope() {
    Map<String, String> form = with(GRANT, "client_id", "post", "client_secret", SECRET);

    JsonObject granted = new JsonObject(client.token(with(form, "scope", "read")).body());

    assertThat(granted.containsKey("refresh_token")).isFalse();
    assertThat(granted.getString("scope")).isEqualTo("read");
    assertThat(provider.server().accepts(granted.getString("access_token"))).isTrue();
    assertThat(errorOf(client.token(with(form, "scope", "read admin")))).isEqualTo("invalid_scope");
  }

  private HttpResponse<String> withBasic(String id, String secret) {
    return client.send(
        tokenRequest(StrictClient.form(GRANT)).header("Authorization", basic(id, secret)));
  }

  private HttpResponse<String> withAssertion(String assertion) {
    return client.token(
        with(
            GRANT,
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion",
            assertion));
  }

  private HttpRequest.Builder tokenRequest(String form) {
    return StrictClient.post(provider.server().tokenEndpoint(), form);
  }

  private static String basic(String id, String secret) {
    return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static Map<String, String> with(Map<String, String> form, String... more) {
    Map<String, String> all = new TreeMap<>(form);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static JwtClaims claims(String clientId, String audience, int lifeSeconds) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(clientId);
    claims.setSubject(clientId);
    claims.setAudience(audience);
    claims.setGeneratedJwtId();
    claims.setIssuedAtToNow();
    NumericDate end = NumericDate.now();
    end.addSeconds(lifeSeconds);
    claims.setExpirationTime(end);
    return claims;
  }

  private static String sign(EllipticCurveJsonWebKey key, JwtClaims claims) throws JoseException {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setPayload(claims.toJson());
    jws.setKey(key.getPrivateKey());
    jws.setKeyIdHeaderValue(key.getKeyId());
    jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    return jws.getCompactSerialization();
  }

  private static String jwks(JsonWebKey key) {
    return new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
  }

  private static String errorOf(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("error");
  }
}
