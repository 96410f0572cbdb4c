package org.tokenbroker.provider.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.http.LogCapture;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.sandbox.KeyMaterial;

/** Private parts of signing keys go in and never come out: in no answer, in no log (IV-6). */
@QuarkusTest
@TestProfile(ManagementOnly.class)
class SigningKeySecrecyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PATH = "/v1/registrations/secrecy";

  /** What is private in a JWK (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
  private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "k");

  /** Stands in everything that is brought and is not to come back. */
  private static final String CANARY = "Canary9417";

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @Inject SecretSafe safe;

  private final LogCapture log = new LogCapture();

  @BeforeEach
  void register() {
    asks().body(registration().encode()).put(PATH).then().statusCode(201);
  }

  @AfterEach
  void close() {
    asks().delete(PATH);
    log.close();
  }

  @Test
  @Requirement({"IV-6", "IV-7", "IV-11"})
  void noAnswerAndNoLogLineOfAKeysWholeLifeHoldsItsPrivatePart() throws JoseException {
    List<String> said = new ArrayList<>();
    said.add(
        post(
            "/keys",
            wish()
                .put("algorithm", "RS256")
                .put("rsa_bits", 2048)
                .put("kid", "made")
                .put("certificate", true)));
    said.add(post("/keys", brought(rsaKey()).put("kid", "brought")));
    Set<String> secrets = heldPrivateParts();
    for (String kid : List.of("made", "brought")) {
      said.add(post("/keys/" + kid + "/uploaded", new JsonObject()));
      said.add(asks().get(PATH + "/keys/" + kid).asString());
      said.add(asks().get(PATH + "/keys/" + kid + "/jwk").asString());
      said.add(asks().get(PATH + "/keys/" + kid + "/certificate").asString());
    }
    said.add(post("/keys/made/activate", new JsonObject()));
    said.add(post("/keys", brought(rsaKey()).put("kid", "made")));
    said.add(post("/keys", wish().put("algorithm", "ES256")));
    said.add(asks().get(PATH + "/keys").asString());
    said.add(asks().get(PATH + "/jwks").asString());
    said.add(asks().get(PATH).asString());
    said.add(asks().get("/v1/registrations").asString());
    said.add(asks().delete(PATH + "/keys/made").asString());
    said.add(asks().delete(PATH + "/keys/brought").asString());
    said.add(asks().get("/v1/events").asString());

    assertThat(secrets).as("of two RSA keys").hasSize(12);
    assertThat(said).anyMatch(answer -> answer.contains("BEGIN CERTIFICATE"));
    assertThat(said)
        .allSatisfy(answer -> assertThat(answer).doesNotContain(secrets).doesNotContain("PRIVATE"));
    assertThat(log.text()).isNotEmpty();
    assertThat(secrets).noneMatch(secret -> log.text().contains(secret.toLowerCase(Locale.ROOT)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusable")
  @Requirement({"IV-6", "G10"})
  void whatIsNotTakenIsNotRepeated(String what, String body) {
    Response answer = asks().body(body).post(PATH + "/keys");

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(new JsonObject(answer.asString()).getJsonArray("errors"))
        .as("field and fix")
        .isNotEmpty();
    holdsNothingOf(body, answer);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusableWithARegistration")
  @Requirement({"IV-6", "G10"})
  void norIsItWhereItComesWithItsRegistration(String what, String body) {
    JsonObject given = new JsonObject(body);
    JsonObject whole = registration();
    whole.put("private_key_jwk", given.getValue("private_key_jwk"));
    whole.put("signing_algorithm", given.getValue("algorithm"));

    Response answer = asks().body(whole.encode()).put(PATH);

    holdsNothingOf(body, answer);
  }

  private void holdsNothingOf(String body, Response answer) {
    String said = answer.asString() + answer.headers() + log.text();
    assertThat(said.toLowerCase(Locale.ROOT)).doesNotContain(CANARY.toLowerCase(Locale.ROOT));
    assertThat(privateParts(body))
        .noneMatch(secret -> said.contains(secret) || log.text().contains(secret));
  }

  /** Those that can be a member of another document. */
  static Stream<Arguments> unusableWithARegistration() throws JoseException {
    return bodies().entrySet().stream()
        .filter(each -> !each.getKey().equals("not JSON: cut off"))
        .filter(each -> each.getValue().startsWith("{"))
        .filter(each -> each.getValue().contains("\"private_key_jwk\""))
        .map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  static Stream<Arguments> unusable() throws JoseException {
    return bodies().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  private static Map<String, String> bodies() throws JoseException {
    KeyMaterial certified = Certificates.shared().consumer("secrecy").material();
    String pem = pem("PRIVATE KEY", certified.key().getEncoded());
    String encrypted =
        pem("ENCRYPTED PRIVATE KEY", CANARY.repeat(20).getBytes(StandardCharsets.US_ASCII));
    JsonObject ec = jwk(EcJwkGenerator.generateJwk(EllipticCurves.P256));
    JsonObject rsa = jwk(RsaJwkGenerator.generateJwk(2048));
    return Map.<String, String>ofEntries(
        Map.entry("PEM in place of the JWK", wish().put("private_key_jwk", pem).encode()),
        Map.entry("encrypted PEM", wish().put("private_key_jwk", encrypted).encode()),
        Map.entry("PEM as the whole body", pem),
        Map.entry("not JSON: cut off", brought(ec).encode().replaceFirst(".{40}$", "")),
        Map.entry("a JWK as text", wish().put("private_key_jwk", ec.encode()).encode()),
        Map.entry("a JWK in a list", wish().put("private_key_jwk", JsonArray.of(ec)).encode()),
        Map.entry("a JWK as the whole body", ec.encode()),
        Map.entry(
            "a public key with a canary",
            brought(ec.copy().putNull("d").put("note", CANARY)).encode()),
        Map.entry("an algorithm of other keys", brought(ec).put("algorithm", "RS256").encode()),
        Map.entry("no algorithm", brought(ec).put("algorithm", CANARY).encode()),
        Map.entry("a shared secret", brought(octets()).encode()),
        Map.entry("a small RSA key", brought(jwk(smallRsa())).encode()),
        Map.entry("halves of two keys", brought(rsa.copy().put("n", other("n"))).encode()),
        Map.entry("a broken exponent", brought(rsa.copy().put("d", CANARY)).encode()),
        Map.entry("a number as d", brought(ec.copy().put("d", 94179417L)).encode()),
        Map.entry("an object as d", brought(ec.copy().put("d", ec)).encode()),
        Map.entry("an unknown curve", brought(ec.copy().put("crv", "P-" + CANARY)).encode()),
        Map.entry("an unknown type", brought(ec.copy().put("kty", CANARY)).encode()),
        Map.entry("a name with a canary", brought(ec).put("kid", CANARY + " /").encode()),
        Map.entry("the key in its name", brought(ec).put("kid", "{" + ec.encode()).encode()),
        Map.entry(
            "a private key as certificate", brought(ec).put("certificate_chain", pem).encode()),
        Map.entry(
            "a certificate of another key",
            brought(ec).put("certificate_chain", certified.chainPem()).encode()),
        Map.entry("an unknown member", wish().put("private_key", ec).encode()),
        Map.entry("a canary for a number", wish().put("rsa_bits", CANARY).encode()));
  }

  private static JsonObject octets() {
    return new JsonObject()
        .put("kty", "oct")
        .put("kid", "shared")
        .put(
            "k", Base64.getUrlEncoder().encodeToString(CANARY.getBytes(StandardCharsets.US_ASCII)));
  }

  private static PublicJsonWebKey smallRsa() throws JoseException {
    return RsaJwkGenerator.generateJwk(1024);
  }

  private static PublicJsonWebKey rsaKey() throws JoseException {
    return RsaJwkGenerator.generateJwk(2048);
  }

  private static String other(String member) throws JoseException {
    return jwk(rsaKey()).getString(member);
  }

  private static JsonObject jwk(PublicJsonWebKey key) {
    return new JsonObject(key.toJson(OutputControlLevel.INCLUDE_PRIVATE));
  }

  private static JsonObject brought(PublicJsonWebKey key) {
    return brought(jwk(key));
  }

  private static JsonObject brought(JsonObject jwk) {
    return new JsonObject().put("private_key_jwk", jwk);
  }

  private static JsonObject wish() {
    return new JsonObject();
  }

  private static String pem(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(content), label);
  }

  /** Every private member in a text, and every line of a PEM key. */
  private static Set<String> privateParts(String text) {
    Set<String> parts =
        text.lines()
            .flatMap(line -> Stream.of(line.split("\\\\r|\\\\n|\"")))
            .filter(part -> part.length() == 76)
            .collect(Collectors.toSet());
    PRIVATE.forEach(
        member ->
            Pattern.compile("\"" + member + "\":\"([^\"]{20,})\"")
                .matcher(text.replace("\\\"", "\""))
                .results()
                .forEach(found -> parts.add(found.group(1))));
    return parts;
  }

  private Set<String> heldPrivateParts() {
    SafeRead read = safe.read(SafePath.of("registrations", "secrecy")).await().atMost(PATIENCE);
    return privateParts(
        ((SafeRead.Found) read)
            .document().fields().values().stream().collect(Collectors.joining("\n")));
  }

  private static JsonObject registration() {
    return new JsonObject()
        .put("profile", "oidc")
        .put("name", "Secrecy")
        .put("variables", new JsonObject().put("issuer", "as.invalid"))
        .put("client_authentication", "private_key_jwt")
        .put("client_id", "client-of-secrecy");
  }

  private String post(String path, JsonObject body) {
    return asks().body(body.encode()).post(PATH + path).asString();
  }

  private RequestSpecification asks() {
    return given()
        .config(Certificates.shared().operator().restAssured())
        .baseUri(door.toString())
        .contentType("application/json");
  }
}
