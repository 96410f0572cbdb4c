package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.provider.http.RecordingProvider.Came;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** Requests as vendors really want them, several quirks at a time. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
@Requirement("X-5")
class QuirksOfRequestsTest {
  private static final TokenRequest CODE =
      new TokenRequest.AuthorizationCode(
          Secret.of("a-code"), Optional.of(URI.create(Callers.CALLBACK)), Optional.empty());
  private static final TokenRequest REFRESH =
      new TokenRequest.RefreshToken(
          Secret.of("long-lived"),
          Scopes.of("one", "two"),
          Scopes.of("one"),
          Optional.of(URI.create(Callers.CALLBACK)));

  @Inject TokenEndpoint endpoint;

  private static RecordingProvider provider;

  @BeforeAll
  static void start() {
    provider = new RecordingProvider();
  }

  /** As in {@link TokenRequestsTest#warmUp}. */
  @BeforeEach
  void warmUp() {
    request(Callers.withSecret(profile("")), CODE);
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  @Test
  void aJsonBodyGoesWithBasicAuthenticationWhereNotionWantsBoth() {
    Came request = sent(basic(profile("token: {body: json}")), CODE);

    assertThat(request.header("Authorization").orElseThrow()).startsWith("Basic ");
    assertThat(request.json())
        .containsOnly(
            entry("grant_type", "authorization_code"),
            entry("code", "a-code"),
            entry("redirect_uri", Callers.CALLBACK));
  }

  @Test
  void theClientIdStandsBesideBasicAuthenticationWhereTwitterWantsIt() {
    Came request = sent(basic(profile("token: {basic_client_id: true}")), REFRESH);

    assertThat(request.header("Authorization").orElseThrow()).startsWith("Basic ");
    assertThat(request.form())
        .containsOnly(
            entry("grant_type", "refresh_token"),
            entry("refresh_token", "long-lived"),
            entry("client_id", Callers.ID));
  }

  @Test
  void weChatIsAskedByGetUnderItsOwnNames() {
    Profile weChat =
        profile(
            """
            parameter_names: {client_id: appid, client_secret: secret}
            token: {method: get}
            """);

    Came request = sent(Callers.withSecret(weChat), CODE);

    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.body()).isEmpty();
    assertThat(request.query())
        .containsOnly(
            entry("grant_type", "authorization_code"),
            entry("code", "a-code"),
            entry("redirect_uri", Callers.CALLBACK),
            entry("appid", Callers.ID),
            entry("secret", Callers.SECRET));
  }

  @Test
  void fixedHeadersAndParametersGoAlong() {
    Profile surveys =
        profile(
            """
            endpoints: {token: 'BASE/token?api_key=public'}
            token:
              headers: {X-Api-Version: '3'}
              parameters: {expiring: '1'}
            """);

    Came request = sent(Callers.withSecret(surveys), CODE);

    assertThat(request.uri()).isEqualTo("/token?api_key=public");
    assertThat(request.header("X-Api-Version")).hasValue("3");
    assertThat(request.form()).containsEntry("expiring", "1");
  }

  @Test
  void instagramIsAskedByPostAndRenewsAnAccessTokenByGetElsewhere() {
    ProviderClient instagram =
        Callers.withSecret(
            profile(
                """
                endpoints: {token: BASE/oauth/access_token, refresh: BASE/refresh_access_token}
                parameter_names: {client_id: app_id, client_secret: app_secret}
                expiry: {default_lifetime: 60d}
                refresh:
                  mode: access_token
                  method: get
                  grant_type: ig_refresh_token
                  token_parameter: access_token
                """));

    Came exchange = sent(instagram, CODE);
    provider.grants(new JsonObject().put("access_token", "next"));
    Came refresh = sent(instagram, REFRESH);

    assertThat(exchange.method() + " " + exchange.uri()).isEqualTo("POST /oauth/access_token");
    assertThat(exchange.form()).containsEntry("code", "a-code");
    assertThat(refresh.method() + " " + refresh.path()).isEqualTo("GET /refresh_access_token");
    assertThat(refresh.query())
        .containsOnly(
            entry("grant_type", "ig_refresh_token"),
            entry("access_token", "long-lived"),
            entry("app_id", Callers.ID),
            entry("app_secret", Callers.SECRET));
  }

  @Test
  void aRefreshCanHaveItsOwnPlaceForParameters() {
    ProviderClient client =
        Callers.withSecret(profile("token: {body: json}\nrefresh: {body: form}"));

    assertThat(sent(client, CODE).json()).containsEntry("code", "a-code");
    assertThat(sent(client, REFRESH).form()).containsEntry("refresh_token", "long-lived");
  }

  @Test
  void zohoWantsTheRedirectUriAndAnotherTheScopesAgainOnRefresh() {
    Profile zoho =
        profile(
            """
            authorize: {scope_separator: ','}
            parameter_names: {scope: scopes}
            refresh: {send_redirect_uri: true, send_scope: requested}
            """);

    assertThat(sent(Callers.withSecret(zoho), REFRESH).form())
        .containsEntry("redirect_uri", Callers.CALLBACK)
        .containsEntry("scopes", "one,two");
  }

  @Test
  void connectionsOfOneRegistrationAreAtDifferentHostsWhereZohosCallbackSaysSo() {
    try (RecordingProvider elsewhere = new RecordingProvider()) {
      Profile zoho =
          profile(
              """
              variables: {place: {kind: location, pattern: '.+', default: AUTHORITY}}
              hosts: [127.0.0.1]
              endpoints: {token: 'https://{place}/token'}
              callback: {metadata: {place: accounts-server}, variables: [place]}
              """
                  .replace("AUTHORITY", provider.base().getAuthority()));
      ProviderClient here = Callers.withSecret(zoho);
      ProviderClient there =
          here.toldBy(Map.of("place", elsewhere.base().toString())).orElseThrow();
      provider.forget();

      for (ProviderClient client : List.of(here, there, here, there)) {
        assertThat(request(client, REFRESH)).isInstanceOf(TokenReply.Granted.class);
      }

      assertThat(provider.requests()).hasSize(2);
      assertThat(elsewhere.requests()).hasSize(2);
    }
  }

  private Profile profile(String quirk) {
    return Quirky.profile(provider.base(), quirk);
  }

  private static ProviderClient basic(Profile profile) {
    return Callers.client(
        profile,
        ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
        new ClientSecrets(
            Secret.of(Callers.ID), Optional.of(Secret.of(Callers.SECRET)), Optional.empty()),
        Optional.empty());
  }

  private Came sent(ProviderClient client, TokenRequest request) {
    provider.forget();
    assertThat(request(client, request)).isInstanceOf(TokenReply.Granted.class);
    return provider.onlyRequest();
  }

  private TokenReply request(ProviderClient client, TokenRequest request) {
    return endpoint.request(client, request).await().atMost(Duration.ofSeconds(30));
  }
}
