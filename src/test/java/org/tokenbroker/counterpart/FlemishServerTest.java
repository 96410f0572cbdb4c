package org.tokenbroker.counterpart;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokenbroker.counterpart.FlemishServer.Form;
import org.tokenbroker.fixture.Requirement;

/** Both servers refuse what they are documented to refuse (providers.md B2). */
@TestInstance(Lifecycle.PER_CLASS)
@Requirement("X-6")
class FlemishServerTest {
  private static final String CALLBACK = "https://broker.example/callback/app";
  private static final String SCOPE = "read offline_access";

  private final Map<Form, FlemishServer> servers = new EnumMap<>(Form.class);
  private final Map<Form, RegisteredClient> clients = new EnumMap<>(Form.class);
  private final RsaJsonWebKey key = newKey();
  private final RsaJsonWebKey stranger = newKey();

  @BeforeAll
  void register() {
    for (Form form : Form.values()) {
      FlemishServer server =
          new FlemishServer(form, Visitor.certificate("flemish-" + form), Visitor::keep);
      server.register("by-key", Set.of("read", "offline_access"), List.of(URI.create(CALLBACK)));
      server.upload(
          "by-key", new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
      String secret =
          server.registerWithSecret(
              "by-secret", Set.of("read", "offline_access"), List.of(URI.create(CALLBACK)));
      clients.put(form, new RegisteredClient("by-secret", secret, CALLBACK));
      servers.put(form, server);
    }
  }

  @AfterAll
  void close() {
    servers.values().forEach(FlemishServer::close);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void whatIsRightIsTaken(Form form) {
    assertThat(asks(form, clientCredentials(assertion(claims(form)))).statusCode()).isEqualTo(200);
    assertThat(asks(form, clientCredentials(bySecret(form))).statusCode()).isEqualTo(200);
    HttpResponse<String> exchanged = asks(form, exchange(form, code(form)));
    assertThat(exchanged.statusCode()).isEqualTo(200);
    assertThat(asks(form, refresh(form, refreshToken(exchanged))).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void anAssertionForAnotherAudienceIsRefused(Form form) {
    for (String aud :
        List.of(
            audience(form) + "/",
            audience(form).replace("https", "HTTPS"),
            "https://" + server(form).authority() + authorizePath(form),
            audience(other(form)))) {
      JwtClaims claims = claims(form);
      claims.setAudience(aud);

      refuses(form, clientCredentials(assertion(claims)), "assertion: aud");
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void anAssertionThatLivesLongerThanTenMinutesIsRefused(Form form) {
    refuses(
        form,
        clientCredentials(assertion(lasting(form, Duration.ofSeconds(601)))),
        "assertion: exp more than ten minutes after iat");
    assertThat(
            asks(form, clientCredentials(assertion(lasting(form, Duration.ofMinutes(10)))))
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void anAssertionThatIsPresentedAgainIsRefused(Form form) {
    String assertion = assertion(claims(form));
    asks(form, clientCredentials(assertion));

    refuses(form, clientCredentials(assertion), "assertion: jti");
    JwtClaims without = claims(form);
    without.unsetClaim("jti");
    refuses(form, clientCredentials(assertion(without)), "assertion: jti");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void anAssertionWithTextsForTimesOrOutsideItsTimeIsRefused(Form form) {
    JwtClaims texts = claims(form);
    texts.setStringClaim("exp", Long.toString(Instant.now().getEpochSecond() + 60));
    JwtClaims past = claims(form);
    past.setIssuedAt(NumericDate.fromSeconds(Instant.now().getEpochSecond() - 300));
    past.setExpirationTime(NumericDate.fromSeconds(Instant.now().getEpochSecond() - 1));

    refuses(
        form, clientCredentials(assertion(texts)), "assertion: iat and exp must be whole numbers");
    refuses(form, clientCredentials(assertion(past)), "assertion: not now");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void anAssertionOfAnotherKeyOrIssuerIsRefused(Form form) {
    JwtClaims issued = claims(form);
    issued.setIssuer("somebody");

    refuses(
        form,
        clientCredentials(assertion(claims(form), stranger, key.getKeyId())),
        "assertion: kid or signature");
    refuses(
        form,
        clientCredentials(assertion(claims(form), stranger, stranger.getKeyId())),
        "assertion: kid or signature");
    refuses(form, clientCredentials(assertion(issued)), "assertion: iss");
    refuses(
        form,
        Visitor.without(clientCredentials(assertion(claims(form))), "client_assertion_type"),
        "client_assertion_type");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void theClientIsProvenOnceAndNeverInTheQuery(Form form) {
    Map<String, String> twice =
        Visitor.but(bySecret(form, clientCredentials(assertion(claims(form)))), "client_id", "x");

    refuses(form, twice, "exactly one client authentication");
    refuses(
        form,
        Visitor.without(clientCredentials(bySecret(form)), "client_secret"),
        "exactly one client authentication");
    refuses(
        form,
        Visitor.but(clientCredentials(bySecret(form)), "client_secret", "wrong"),
        "wrong secret");
    HttpResponse<String> inQuery =
        visitor(form)
            .form(
                tokenPath(form) + "?client_secret=" + client(form).secret(),
                Visitor.without(clientCredentials(bySecret(form)), "client_secret"));
    assertThat(inQuery.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void onlyTheNewServerTakesBasic(Form form) {
    String basic =
        Base64.getEncoder()
            .encodeToString(
                ("by-secret:" + client(form).secret()).getBytes(StandardCharsets.UTF_8));

    HttpResponse<String> answer =
        visitor(form)
            .form(
                tokenPath(form),
                Map.of("grant_type", "client_credentials", "scope", "read"),
                "Authorization",
                "Basic " + basic);

    assertThat(answer.statusCode())
        .isEqualTo(
            switch (form) {
              case OLD -> 401;
              case NEW -> 200;
            });
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aScopeThatIsMissingOrWasNotAgreedIsRefused(Form form) {
    Map<String, String> right = clientCredentials(bySecret(form));

    refuses(form, Visitor.without(right, "scope"), "scope missing or not agreed");
    refuses(form, Visitor.but(right, "scope", "read write"), "scope missing or not agreed");
    for (Map<String, String> asked :
        List.of(
            Visitor.without(authorize(form), "scope"),
            Visitor.but(authorize(form), "scope", "write"))) {
      assertThat(Visitor.sentBackWith(visitor(form).get(authorizePath(form), asked)))
          .containsEntry("error", "invalid_scope");
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void jsonInsteadOfAFormIsRefused(Form form) {
    HttpResponse<String> answer =
        visitor(form).json(tokenPath(form), clientCredentials(bySecret(form)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(lastRefusal(form)).hasValue("not a form");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void anotherRedirectUriIsRefused(Form form) {
    refuses(
        form,
        Visitor.but(exchange(form, code(form)), "redirect_uri", CALLBACK + "/"),
        "redirect mismatch");
    assertThat(
            visitor(form)
                .get(
                    authorizePath(form),
                    Visitor.but(authorize(form), "redirect_uri", "https://elsewhere.example/"))
                .statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aRefreshTokenThatIsUsedTwiceEndsItsGrant(Form form) {
    String first = refreshToken(asks(form, exchange(form, code(form))));
    String second = refreshToken(asks(form, refresh(form, first)));

    refuses(form, refresh(form, first), "revoked or used before");
    refuses(form, refresh(form, second), "revoked or used before");
  }

  private void refuses(Form form, Map<String, String> request, String why) {
    HttpResponse<String> answer = asks(form, request);

    assertThat(answer.statusCode()).isBetween(400, 401);
    assertThat(lastRefusal(form)).hasValue(why);
  }

  private HttpResponse<String> asks(Form form, Map<String, String> request) {
    return visitor(form).form(tokenPath(form), request);
  }

  private Optional<String> lastRefusal(Form form) {
    return server(form).calls().getLast().refusal();
  }

  private FlemishServer server(Form form) {
    return Optional.ofNullable(servers.get(form)).orElseThrow();
  }

  /** The one that has a secret; another one has a key. */
  private RegisteredClient client(Form form) {
    return Optional.ofNullable(clients.get(form)).orElseThrow();
  }

  private Visitor visitor(Form form) {
    return new Visitor(server(form).authority());
  }

  private static Form other(Form form) {
    return switch (form) {
      case OLD -> Form.NEW;
      case NEW -> Form.OLD;
    };
  }

  private static String tokenPath(Form form) {
    return switch (form) {
      case OLD -> "/authorization/ws/oauth/v2/token";
      case NEW -> "/op/v1/token";
    };
  }

  private static String authorizePath(Form form) {
    return switch (form) {
      case OLD -> "/authorization/ws/oauth/v2/authorization";
      case NEW -> "/op/v1/auth";
    };
  }

  /** The old server wants the URL that is called, the new one the issuer. */
  private String audience(Form form) {
    return "https://"
        + server(form).authority()
        + switch (form) {
          case OLD -> tokenPath(form);
          case NEW -> "/op";
        };
  }

  private Map<String, String> authorize(Form form) {
    return client(form).authorize(SCOPE);
  }

  private String code(Form form) {
    return Visitor.codeIn(visitor(form).form(authorizePath(form), client(form).agreed(SCOPE)));
  }

  private static String refreshToken(HttpResponse<String> answer) {
    return Visitor.body(answer).getString("refresh_token");
  }

  private Map<String, String> exchange(Form form, String code) {
    return client(form).exchange(code);
  }

  private Map<String, String> refresh(Form form, String token) {
    return Visitor.but(client(form).refresh(token), "scope", "read");
  }

  /** By the client that has a secret. */
  private Map<String, String> bySecret(Form form, Map<String, String> request) {
    Map<String, String> proven = new LinkedHashMap<>(request);
    proven.put("client_id", client(form).id());
    proven.put("client_secret", client(form).secret());
    return proven;
  }

  private Map<String, String> bySecret(Form form) {
    return bySecret(form, Map.of());
  }

  private static Map<String, String> clientCredentials(Map<String, String> proof) {
    Map<String, String> request = new LinkedHashMap<>(proof);
    request.put("grant_type", "client_credentials");
    request.put("scope", "read");
    return request;
  }

  private static Map<String, String> clientCredentials(String assertion) {
    return clientCredentials(
        Map.of("client_assertion_type", AssertionRules.TYPE, "client_assertion", assertion));
  }

  private JwtClaims claims(Form form) {
    return lasting(form, Duration.ofMinutes(2));
  }

  private JwtClaims lasting(Form form, Duration life) {
    long now = Instant.now().getEpochSecond();
    JwtClaims claims = new JwtClaims();
    claims.setIssuer("by-key");
    claims.setSubject("by-key");
    claims.setAudience(audience(form));
    claims.setJwtId(UUID.randomUUID().toString());
    claims.setIssuedAt(NumericDate.fromSeconds(now));
    claims.setExpirationTime(NumericDate.fromSeconds(now + life.toSeconds()));
    return claims;
  }

  private String assertion(JwtClaims claims) {
    return assertion(claims, key, key.getKeyId());
  }

  private static String assertion(JwtClaims claims, RsaJsonWebKey signer, String keyId) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(signer.getPrivateKey());
    signature.setKeyIdHeaderValue(keyId);
    signature.setAlgorithmHeaderValue("RS256");
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("cannot sign", e);
    }
  }

  private static RsaJsonWebKey newKey() {
    try {
      RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId(UUID.randomUUID().toString());
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException("no key", e);
    }
  }
}
