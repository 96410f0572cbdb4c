package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.StrictProvider;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profile.Revoke.TokenKind;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.sandbox.OAuthClient;
import org.tokenbroker.sandbox.StrictOptions;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** Against a server that accepts exactly the method that a client registered, and nothing else. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class ClientAuthenticationTest {
  private static final String VERIFIER = "a-verifier-of-forty-three-characters-or-more-0123";
  private static final TokenRequest ASK = new TokenRequest.ClientCredentials(Scopes.of("read"));

  @Inject TokenEndpoint endpoint;

  private StrictProvider provider;

  @BeforeEach
  void start() {
    provider =
        StrictProvider.start(
            StrictOptions.strict().assertionAudience(StrictOptions.Audience.ISSUER));
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @ParameterizedTest
  @Requirement("C2")
  @ValueSource(
      strings = {"plain", "with:colon", "100%25", "a+b c", "é€𝄞", "&=?/", "%3A", " inner space x"})
  void basicCredentialsAreFormEncodedFirst(String text) {
    String id = "id-" + text;
    provider.server().register(OAuthClient.of(id, new OAuthClient.SecretBasic(text)));

    assertThat(
            request(
                client(ClientAuthenticationMethod.CLIENT_SECRET_BASIC, id, Optional.of(text)), ASK))
        .isInstanceOf(TokenReply.Granted.class);
    assertThat(parametersOfTheOnlyRequest()).containsExactlyInAnyOrder("grant_type", "scope");
  }

  @Test
  @Requirement({"MO-7", "C1"})
  void postedCredentialsAreInTheBodyOnly() {
    provider.server().register(OAuthClient.of("c", new OAuthClient.SecretPost("s:%+ é")));

    assertThat(
            request(
                client(ClientAuthenticationMethod.CLIENT_SECRET_POST, "c", Optional.of("s:%+ é")),
                ASK))
        .isInstanceOf(TokenReply.Granted.class);
    assertThat(parametersOfTheOnlyRequest())
        .containsExactlyInAnyOrder("grant_type", "scope", "client_id", "client_secret");
  }

  @ParameterizedTest
  @Requirement({"IV-6", "C10"})
  @ValueSource(strings = {"RS256", "PS256", "ES256"})
  void assertionsAreSignedForTheIssuer(String algorithm) throws JoseException {
    PublicJsonWebKey key = key(algorithm);
    register("signed", key);
    ProviderClient client = signing("signed", key, algorithm);

    assertThat(request(client, ASK)).isInstanceOf(TokenReply.Granted.class);
    assertThat(request(client, ASK))
        .as("a second assertion is another one: the server refuses a jti that it has seen")
        .isInstanceOf(TokenReply.Granted.class);
    assertThat(provider.server().ledger().requests().getFirst().parameters())
        .contains("client_assertion", "client_assertion_type")
        .doesNotContain("client_secret");
  }

  @Test
  @Requirement("IV-3")
  void clientCredentialsNeedNoOwnerAndNoRefreshToken() {
    ProviderClient client = Callers.registered(provider);

    GrantedTokens tokens = granted(client, ASK);

    assertThat(tokens.refreshToken()).isEmpty();
    assertThat(tokens.scopes()).contains(Scopes.of("read"));
    assertThat(provider.server().accepts(tokens.accessToken().reveal())).isTrue();
    assertThat(tokens.lifetime().total()).isEqualTo(Duration.ofSeconds(115));
  }

  @Test
  @Requirement({"MO-7", "MO-10"})
  void aPublicClientExchangesItsCodeWithTheVerifierAndRefreshes() {
    ProviderClient client = publicClient();

    GrantedTokens first =
        granted(
            client,
            new TokenRequest.AuthorizationCode(
                code(),
                Optional.of(URI.create(Callers.CALLBACK)),
                Optional.of(Secret.of(VERIFIER))));
    GrantedTokens second = granted(client, refresh(first));

    assertThat(first.refreshToken()).isPresent();
    assertThat(second.refreshToken()).isPresent().isNotEqualTo(first.refreshToken());
    assertThat(provider.server().accepts(second.accessToken().reveal())).isTrue();
  }

  @Test
  @Requirement({"MO-8", "BE-12"})
  void aRefreshTokenTravelsInItsOwnParameterAndNothingElseDoes() {
    ProviderClient client = publicClient();
    GrantedTokens first =
        granted(
            client,
            new TokenRequest.AuthorizationCode(
                code(),
                Optional.of(URI.create(Callers.CALLBACK)),
                Optional.of(Secret.of(VERIFIER))));

    granted(client, refresh(first));

    assertThat(provider.server().ledger().refreshes())
        .singleElement()
        .satisfies(
            entry ->
                assertThat(entry.parameters())
                    .containsExactlyInAnyOrder("grant_type", "refresh_token", "client_id"));
  }

  @Test
  void aProfileCanAskForScopesOnRefreshAndForFurtherParameters() {
    Profile profile =
        Callers.profile(provider)
            .scopesOnRefresh()
            .tokenParameters(Map.of("audience", "the api & more"))
            .profile();
    provider
        .server()
        .register(
            OAuthClient.of("public", new OAuthClient.Public()).redirectingTo(Callers.CALLBACK));
    ProviderClient client =
        Callers.client(
            profile,
            ClientAuthenticationMethod.NONE,
            secrets("public", Optional.empty()),
            Optional.empty());
    GrantedTokens first =
        granted(
            client,
            new TokenRequest.AuthorizationCode(
                code(),
                Optional.of(URI.create(Callers.CALLBACK)),
                Optional.of(Secret.of(VERIFIER))));

    granted(client, refresh(first));

    assertThat(provider.server().ledger().refreshes().getFirst().parameters())
        .contains("scope", "audience");
  }

  @Test
  void aTokenIsRevokedWithTheClientsAuthentication() {
    ProviderClient client = Callers.registered(provider);
    Secret token = granted(client, ASK).accessToken();

    RevokeReply reply =
        endpoint
            .revoke(client, new Revocation(token, TokenKind.ACCESS_TOKEN, Optional.empty()))
            .await()
            .atMost(Duration.ofSeconds(30));

    assertThat(reply).isEqualTo(new RevokeReply.Revoked());
    assertThat(provider.server().accepts(token.reveal())).isFalse();
  }

  @Test
  void aClientWithoutTheSecretItNeedsSendsNothing() {
    ProviderClient client =
        client(ClientAuthenticationMethod.CLIENT_SECRET_BASIC, "c", Optional.empty());

    assertThat(request(client, ASK))
        .isEqualTo(new TokenReply.Unreachable(TokenReply.Obstacle.CREDENTIAL_UNUSABLE));
    assertThat(provider.server().ledger().requests()).isEmpty();
  }

  private Set<String> parametersOfTheOnlyRequest() {
    assertThat(provider.server().ledger().requests()).hasSize(1);
    return provider.server().ledger().requests().getFirst().parameters();
  }

  private ProviderClient publicClient() {
    provider
        .server()
        .register(
            OAuthClient.of("public", new OAuthClient.Public()).redirectingTo(Callers.CALLBACK));
    return client(ClientAuthenticationMethod.NONE, "public", Optional.empty());
  }

  private ProviderClient client(
      ClientAuthenticationMethod method, String id, Optional<String> secret) {
    return Callers.client(
        Callers.profile(provider).profile(), method, secrets(id, secret), Optional.empty());
  }

  private static ClientSecrets secrets(String id, Optional<String> secret) {
    return new ClientSecrets(Secret.of(id), secret.map(Secret::of), Optional.empty());
  }

  private void register(String id, PublicJsonWebKey key) {
    String keys = "{\"keys\":[" + key.toJson(OutputControlLevel.PUBLIC_ONLY) + "]}";
    provider.server().register(OAuthClient.of(id, new OAuthClient.PrivateKeyJwt(keys)));
  }

  private ProviderClient signing(String id, PublicJsonWebKey key, String algorithm) {
    return Callers.client(
        Callers.profile(provider).profile(),
        ClientAuthenticationMethod.PRIVATE_KEY_JWT,
        new ClientSecrets(
            Secret.of(id),
            Optional.empty(),
            Optional.of(Secret.of(key.toJson(OutputControlLevel.INCLUDE_PRIVATE)))),
        Optional.of(new Registration.Signing(algorithm, key.getKeyId())));
  }

  private static PublicJsonWebKey key(String algorithm) throws JoseException {
    PublicJsonWebKey key =
        algorithm.startsWith("ES")
            ? EcJwkGenerator.generateJwk(EllipticCurves.P256)
            : RsaJwkGenerator.generateJwk(2048);
    key.setKeyId("key-of-" + algorithm);
    key.setAlgorithm(algorithm);
    return key;
  }

  private Secret code() {
    URI authorize =
        URI.create(
            provider.server().authorizationEndpoint()
                + "?response_type=code&client_id=public&state=s&scope=read+offline_access"
                + "&code_challenge_method=S256&code_challenge="
                + challenge()
                + "&redirect_uri="
                + URLEncoder.encode(Callers.CALLBACK, StandardCharsets.UTF_8));
    String query = provider.allow(authorize, "anna").getQuery();
    return Secret.of(query.replaceAll("(?:.*&)?code=([^&]+).*", "$1"));
  }

  private static String challenge() {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(
              MessageDigest.getInstance("SHA-256")
                  .digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static TokenRequest refresh(GrantedTokens tokens) {
    return new TokenRequest.RefreshToken(
        tokens.refreshToken().orElseThrow(),
        Scopes.of("read", "offline_access"),
        Scopes.of("read"),
        Optional.empty());
  }

  private GrantedTokens granted(ProviderClient client, TokenRequest request) {
    TokenReply reply = request(client, request);
    assertThat(reply).isInstanceOf(TokenReply.Granted.class);
    return ((TokenReply.Granted) reply).tokens();
  }

  private TokenReply request(ProviderClient client, TokenRequest request) {
    return endpoint.request(client, request).await().atMost(Duration.ofSeconds(30));
  }
}
