package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.provider.http.RecordingProvider.Came;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** What a profile says about token requests, as it goes over the wire. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class TokenRequestsTest {
  private static final URI CALLBACK = URI.create("https://broker.example/callback/second?x=1");
  private static final TokenRequest CREDENTIALS =
      new TokenRequest.ClientCredentials(Scopes.of("a", "b"));
  private static final TokenRequest CODE =
      new TokenRequest.AuthorizationCode(
          Secret.of("canary-code"), Optional.of(CALLBACK), Optional.of(Secret.of("a-verifier")));
  private static final TokenRequest REFRESH =
      new TokenRequest.RefreshToken(
          Secret.of("canary-refresh"),
          Scopes.of("asked", "offline_access"),
          Scopes.of("given"),
          Optional.of(CALLBACK));

  @Inject TokenEndpoint endpoint;
  @Inject MeterRegistry metrics;

  private final RecordingProvider provider = new RecordingProvider();

  /**
   * The first handshake of a JVM loads hundreds of classes on the event loop: longer, on a busy
   * machine, than a connection may take.
   */
  @BeforeEach
  void warmUp() {
    request(Callers.withSecret(profile().profile()), CREDENTIALS);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  @Requirement({"C1", "MO-7", "BE-7"})
  void aCodeIsExchangedByAFormWithTheSecretInTheBodyOnly() {
    Came request = sent(profile(), CODE);

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo("/token");
    assertThat(request.header("Content-Type")).hasValue("application/x-www-form-urlencoded");
    assertThat(request.header("Accept")).hasValue("application/json");
    assertThat(request.header("Authorization")).isEmpty();
    assertThat(request.form())
        .containsOnly(
            entry("grant_type", "authorization_code"),
            entry("code", "canary-code"),
            entry("redirect_uri", CALLBACK.toString()),
            entry("code_verifier", "a-verifier"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET));
  }

  @Test
  @Requirement({"MO-8", "BE-12"})
  void aRefreshSaysNothingButTheRefreshTokenAndWhoWeAre() {
    assertThat(sent(profile(), REFRESH).form())
        .containsOnly(
            entry("grant_type", "refresh_token"),
            entry("refresh_token", "canary-refresh"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET));
  }

  @Test
  @Requirement("IV-5")
  void theExchangeRepeatsTheRedirectUriThatWasSentAndNoOtherRegisteredOne() {
    assertThat(sent(profile(), CODE).form()).containsEntry("redirect_uri", CALLBACK.toString());
  }

  @Test
  @Requirement("IV-8")
  void clientCredentialsAskForTheWantedSubsetOfTheScopes() {
    assertThat(sent(profile(), new TokenRequest.ClientCredentials(Scopes.of("a"))).form())
        .containsEntry("scope", "a");
    assertThat(sent(profile(), new TokenRequest.ClientCredentials(Scopes.none())).form())
        .doesNotContainKey("scope");
  }

  @Test
  @Requirement("X-5")
  void aBodyCanBeJson() {
    Came request = sent(token("{body: json}"), CODE);

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo("/token");
    assertThat(request.header("Content-Type")).hasValue("application/json");
    assertThat(request.json())
        .containsOnly(
            entry("grant_type", "authorization_code"),
            entry("code", "canary-code"),
            entry("redirect_uri", CALLBACK.toString()),
            entry("code_verifier", "a-verifier"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET));
  }

  @Test
  @Requirement("X-5")
  void parametersCanStandInTheQueryOfAPost() {
    Came request = sent(token("{body: query}"), CREDENTIALS);

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/token");
    assertThat(request.query())
        .containsOnly(
            entry("grant_type", "client_credentials"),
            entry("scope", "a b"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET));
    assertThat(request.uri()).contains("scope=a%20b");
    assertThat(request.body()).isEmpty();
    assertThat(request.header("Content-Length")).hasValue("0");
    assertThat(request.header("Content-Type")).isEmpty();
  }

  @Test
  @Requirement("X-5")
  void aTokenCanBeGotByGetAndTheQueryOfTheEndpointStays() {
    Came request =
        sent(token("{method: get}").with("endpoints", endpoints("/token?tenant=7")), CREDENTIALS);

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.uri()).startsWith("/token?tenant=7&");
    assertThat(request.query())
        .containsOnly(
            entry("tenant", "7"),
            entry("grant_type", "client_credentials"),
            entry("scope", "a b"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET));
    assertThat(request.body()).isEmpty();
    assertThat(request.header("Content-Length")).isEmpty();
    assertThat(request.header("Transfer-Encoding")).isEmpty();
    assertThat(request.header("Content-Type")).isEmpty();
  }

  @ParameterizedTest
  @Requirement({"C1", "BE-2", "G10"})
  @CsvSource({"'{}'", "'{method: get}'", "'{body: json}'", "'{body: query}'"})
  void noSecretOfARequestIsLoggedOrMeasured(String rules) {
    try (LogCapture log = new LogCapture()) {
      Logger.getLogger("test").info("capturing");
      sent(token(rules), CODE);
      sent(token(rules), REFRESH);

      assertThat(log.text()).contains("capturing");
      assertThat(log.text() + meters()).doesNotContain("canary");
    }
  }

  @Test
  @Requirement("X-5")
  void acceptAndFurtherHeadersAreTheProfiles() {
    Came request =
        sent(
            token("{accept: 'application/vnd.acme+json', headers: {X-Api-Version: '2'}}"),
            CREDENTIALS);

    assertThat(request.headers().getAll("Accept")).containsExactly("application/vnd.acme+json");
    assertThat(request.header("X-Api-Version")).hasValue("2");
    assertThat(request.header("Content-Type")).hasValue("application/x-www-form-urlencoded");
  }

  @Test
  @Requirement("X-5")
  void fixedAndRegisteredParametersGoWithEveryTokenRequest() {
    Profile profile =
        token("{parameters: {expiring: '1'}, registration_parameters: [audience, resource]}")
            .profile();
    ProviderClient client =
        Callers.filling(
            profile,
            new Particulars(
                Map.of(),
                Map.of("audience", "the api & more", "dropped", "by the profile"),
                Map.of("resource", "of another request"),
                Optional.empty()));

    for (TokenRequest request : List.of(CODE, CREDENTIALS, REFRESH)) {
      assertThat(sent(client, request).form())
          .containsEntry("expiring", "1")
          .containsEntry("audience", "the api & more")
          .doesNotContainKeys("dropped", "resource");
    }
  }

  @Test
  @Requirement("X-5")
  void parametersCanHaveOtherNames() {
    ProfileFixture renaming =
        profile()
            .with(
                "parameter_names",
                "{client_id: client_key, client_secret: app_secret, redirect_uri: back_to,"
                    + " code: auth_code, scope: scopes}");

    assertThat(sent(renaming, CODE).form())
        .containsOnlyKeys(
            "grant_type", "auth_code", "back_to", "code_verifier", "client_key", "app_secret")
        .containsEntry("client_key", Callers.ID)
        .containsEntry("app_secret", Callers.SECRET)
        .containsEntry("auth_code", "canary-code")
        .containsEntry("back_to", CALLBACK.toString());
    assertThat(sent(renaming, CREDENTIALS).form()).containsEntry("scopes", "a b");
  }

  @ParameterizedTest
  @Requirement("C2")
  @CsvSource({"true,a%3Ab+%25:s%2B%C3%A9", "false,a:b %:s+é"})
  void basicCredentialsAreEncodedAsTheProviderDecodes(boolean urlencode, String expected) {
    ProfileFixture fixture = token("{basic_urlencode: %s}".formatted(urlencode));

    Came request = sent(basic(fixture, "a:b %", "s+é"), CREDENTIALS);

    String proof = request.header("Authorization").orElseThrow();
    assertThat(proof).startsWith("Basic ");
    assertThat(new String(Base64.getDecoder().decode(proof.substring(6)), StandardCharsets.UTF_8))
        .isEqualTo(expected);
    assertThat(request.form()).doesNotContainKeys("client_id", "client_secret");
  }

  @Test
  @Requirement("X-5")
  void theClientIdCanBeSentBesideBasic() {
    Came request = sent(basic(token("{basic_client_id: true}"), "us", "secret"), CREDENTIALS);

    assertThat(request.header("Authorization")).isPresent();
    assertThat(request.form()).containsEntry("client_id", "us").doesNotContainKey("client_secret");
  }

  @ParameterizedTest
  @Requirement("X-5")
  @CsvSource({"' '", "','", "'+'"})
  void scopesAreSeparatedAsTheProfileSays(String separator) {
    ProfileFixture fixture =
        profile()
            .with("authorize", "{scope_separator: '%s'}".formatted(separator))
            .with("refresh", "{send_scope: requested}");

    assertThat(sent(fixture, CREDENTIALS).form()).containsEntry("scope", "a" + separator + "b");
    assertThat(sent(fixture, REFRESH).form())
        .containsEntry("scope", "asked" + separator + "offline_access");
  }

  @Test
  @Requirement({"BE-6", "IV-12"})
  void refreshTokensGoToTheirOwnEndpointWhereThereIsOne() {
    ProfileFixture fixture =
        profile()
            .with(
                "endpoints",
                "{token: '%s/token', refresh: '%s/renew'}"
                    .formatted(provider.base(), provider.base()));

    assertThat(sent(fixture, REFRESH).path()).isEqualTo("/renew");
    assertThat(sent(fixture, CODE).path()).isEqualTo("/token");
  }

  @ParameterizedTest
  @Requirement("X-5")
  @CsvSource({"none,", "granted,given", "requested,asked offline_access"})
  void aRefreshRepeatsTheScopesThatTheProfileNames(String which, String scope) {
    Came request = sent(profile().with("refresh", "{send_scope: %s}".formatted(which)), REFRESH);

    assertThat(Optional.ofNullable(request.form().get("scope")))
        .isEqualTo(Optional.ofNullable(scope));
  }

  @ParameterizedTest
  @Requirement("X-5")
  @CsvSource({"true", "false"})
  void aRefreshRepeatsTheRedirectUriOfItsGrantWhereTheProfileSays(boolean repeats) {
    Came request =
        sent(profile().with("refresh", "{send_redirect_uri: %s}".formatted(repeats)), REFRESH);

    assertThat(Optional.ofNullable(request.form().get("redirect_uri")))
        .isEqualTo(repeats ? Optional.of(CALLBACK.toString()) : Optional.empty());
  }

  @Test
  @Requirement("X-5")
  void aRefreshCanHaveItsOwnGrantTypeParameterAndFurtherParameters() {
    ProfileFixture fixture =
        profile()
            .with("token", "{parameters: {every: 'one'}}")
            .with(
                "refresh",
                "{grant_type: 'urn:acme:renew', token_parameter: renewal, parameters: {only: here}}");

    assertThat(sent(fixture, REFRESH).form())
        .containsOnly(
            entry("grant_type", "urn:acme:renew"),
            entry("renewal", "canary-refresh"),
            entry("every", "one"),
            entry("only", "here"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET));
    assertThat(sent(fixture, CODE).form()).containsEntry("every", "one").doesNotContainKey("only");
  }

  @Test
  @Requirement("X-5")
  void anAccessTokenCanBeExchangedForTheNextOne() {
    Profile profile =
        token("{method: get}")
            .with(
                "refresh",
                "{mode: access_token, grant_type: fb_exchange_token, token_parameter: fb_exchange_token}")
            .profile();
    ProviderClient client = Callers.withSecret(profile);
    provider.grants(new JsonObject().put("access_token", "first").put("expires_in", 3600));
    GrantedTokens first = granted(client, CODE);
    provider.forget();

    granted(
        client,
        new TokenRequest.RefreshToken(
            first.refreshToken().orElseThrow(), Scopes.none(), Scopes.none(), Optional.empty()));

    assertThat(first.refreshToken()).contains(first.accessToken());
    assertThat(first.refreshTokenExpiresAt()).contains(first.lifetime().expiresAt());
    assertThat(provider.onlyRequest().query())
        .containsOnly(
            entry("grant_type", "fb_exchange_token"),
            entry("fb_exchange_token", "first"),
            entry("client_id", Callers.ID),
            entry("client_secret", Callers.SECRET));
  }

  @Test
  @Requirement({"BE-6", "IV-12"})
  void aRegistrationsVariablesDecideWhereItsRequestsGo() {
    Profile profile =
        profile()
            .with("variables", "{realm: {pattern: '[a-z]+'}}")
            .with("endpoints", endpoints("/{realm}/token"))
            .profile();
    ProviderClient client =
        Callers.filling(
            profile,
            new Particulars(Map.of("realm", "beta"), Map.of(), Map.of(), Optional.empty()));

    assertThat(sent(client, CREDENTIALS).path()).isEqualTo("/beta/token");
    assertThat(sent(client, REFRESH).path()).isEqualTo("/beta/token");
  }

  private String meters() {
    StringBuilder text = new StringBuilder();
    metrics.getMeters().forEach(meter -> text.append(meter.getId()).append('\n'));
    return text.toString();
  }

  private ProfileFixture profile() {
    return Callers.profile(provider.base());
  }

  private ProfileFixture token(String yaml) {
    return profile().with("token", yaml);
  }

  private String endpoints(String tokenPath) {
    return "{token: '%s%s'}".formatted(provider.base(), tokenPath);
  }

  private static ProviderClient basic(ProfileFixture fixture, String id, String secret) {
    return Callers.client(
        fixture.profile(),
        ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
        new ClientSecrets(Secret.of(id), Optional.of(Secret.of(secret)), Optional.empty()),
        Optional.empty());
  }

  private Came sent(ProfileFixture fixture, TokenRequest request) {
    return sent(Callers.withSecret(fixture.profile()), request);
  }

  private Came sent(ProviderClient client, TokenRequest request) {
    provider.forget();
    granted(client, request);
    return provider.onlyRequest();
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
