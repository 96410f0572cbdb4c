package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.ClientSecrets;
import org.tokenbroker.provider.Profile.Revoke.TokenKind;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.http.RecordingProvider.Came;
import org.tokenbroker.token.Secret;

/** What a profile says about revocation requests, as it goes over the wire. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class RevocationRequestsTest {
  private static final Revocation REFRESH_TOKEN =
      new Revocation(
          Secret.of("the refresh token"),
          TokenKind.REFRESH_TOKEN,
          Optional.of(Secret.of("the-access-token")));
  private static final Revocation ACCESS_TOKEN =
      new Revocation(
          Secret.of("the-access-token"),
          TokenKind.ACCESS_TOKEN,
          Optional.of(Secret.of("the-access-token")));
  private static final Revocation ODD_TOKEN =
      new Revocation(
          Secret.of("canary a/b?#%&+*..~\u00e9;={token}"),
          TokenKind.REFRESH_TOKEN,
          Optional.empty());
  private static final Map<String, String> OURS =
      Map.of("client_id", Callers.ID, "client_secret", Callers.SECRET);

  @Inject TokenEndpoint endpoint;
  @Inject MeterRegistry metrics;

  private final RecordingProvider provider = new RecordingProvider();

  /** See {@link TokenRequestsTest#warmUp}. */
  @BeforeEach
  void warmUp() {
    revoke(withSecret("{}"), ACCESS_TOKEN);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  @Requirement({"G-13", "C1"})
  void aTokenIsRevokedByAFormWithTheClientsAuthentication() {
    Came request = sent("{}", REFRESH_TOKEN);

    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri()).isEqualTo("/revoke");
    assertThat(request.header("Content-Type")).hasValue("application/x-www-form-urlencoded");
    assertThat(request.form())
        .containsAllEntriesOf(OURS)
        .contains(entry("token", "the refresh token"), entry("token_type_hint", "refresh_token"))
        .hasSize(4);
    assertThat(sent("{}", ACCESS_TOKEN).form())
        .contains(entry("token", "the-access-token"), entry("token_type_hint", "access_token"));
  }

  @Test
  @Requirement("X-5")
  void itCanBeJson() {
    Came request = sent("{body: json}", REFRESH_TOKEN);

    assertThat(request.header("Content-Type")).hasValue("application/json");
    assertThat(request.json())
        .containsAllEntriesOf(OURS)
        .containsEntry("token", "the refresh token");
  }

  @ParameterizedTest
  @Requirement("X-5")
  @CsvSource({"'{method: get}',GET", "'{body: query}',POST"})
  void itsParametersCanStandInTheQuery(String rules, String method) {
    Came request = sent(rules, REFRESH_TOKEN);

    assertThat(request.method()).isEqualTo(method);
    assertThat(request.body()).isEmpty();
    assertThat(request.query())
        .containsAllEntriesOf(OURS)
        .containsEntry("token", "the refresh token");
  }

  @Test
  @Requirement("X-5")
  void itsTokenCanHaveAnotherNameAndFurtherParametersGoWithIt() {
    assertThat(
            sent("{token_parameter: kill, parameters: {all_devices: 'true'}}", REFRESH_TOKEN)
                .form())
        .contains(entry("kill", "the refresh token"), entry("all_devices", "true"))
        .doesNotContainKey("token");
  }

  @Test
  @Requirement("X-5")
  void itCanBeProvenByTheAccessTokenAndThenNothingOfOurClientGoesWithIt() {
    Came request = sent("{authentication: bearer}", REFRESH_TOKEN);

    assertThat(request.header("Authorization")).hasValue("Bearer the-access-token");
    assertThat(request.form()).containsOnlyKeys("token", "token_type_hint");
  }

  @ParameterizedTest
  @Requirement("X-5")
  @CsvSource({"CLIENT_SECRET_POST", "CLIENT_SECRET_BASIC"})
  void itCanGoWithoutAnyProof(ClientAuthenticationMethod method) {
    Came request = sent(client("{authentication: none}", method), REFRESH_TOKEN);

    assertThat(request.header("Authorization")).isEmpty();
    assertThat(request.form()).containsOnlyKeys("token", "token_type_hint");
  }

  @Test
  @Requirement({"X-5", "G-13"})
  void itCanBeADeletionOfWhatItsPathNames() {
    Came request =
        sent("{method: delete, path: '/tokens/{token}', authentication: none}", ODD_TOKEN);

    assertThat(request.method()).isEqualTo("DELETE");
    assertThat(request.uri())
        .isEqualTo("/revoke/tokens/canary%20a%2Fb%3F%23%25%26%2B%2A..~%C3%A9%3B%3D%7Btoken%7D");
    assertThat(request.body()).isEmpty();
    assertThat(request.header("Content-Type")).isEmpty();
    assertThat(request.header("Authorization")).isEmpty();
  }

  @Test
  @Requirement("X-5")
  void aTokenOfDotsLeadsNowhereElse() {
    Revocation dots = new Revocation(Secret.of(".."), TokenKind.ACCESS_TOKEN, Optional.empty());

    assertThat(sent("{method: delete, path: '/{token}', authentication: none}", dots).uri())
        .isEqualTo("/revoke/%2E%2E");
  }

  @Test
  @Requirement("X-5")
  void aDeletionIsProvenLikeAnyOtherRequest() {
    Came form = sent("{method: delete, path: '/{token}/'}", ACCESS_TOKEN);
    Came json = sent("{method: delete, body: json, token_parameter: access_token}", ACCESS_TOKEN);
    Came bearer = sent("{method: delete, path: '/{token}', authentication: bearer}", ACCESS_TOKEN);

    assertThat(form.uri()).isEqualTo("/revoke/the-access-token/");
    assertThat(form.form()).containsExactlyInAnyOrderEntriesOf(OURS);
    assertThat(json.method()).isEqualTo("DELETE");
    assertThat(json.json())
        .containsAllEntriesOf(OURS)
        .containsEntry("access_token", "the-access-token");
    assertThat(bearer.header("Authorization")).hasValue("Bearer the-access-token");
    assertThat(bearer.body()).isEmpty();
  }

  @Test
  @Requirement({"G10", "E5"})
  void aTokenInThePathIsInNoLogLineAndNoMetric() {
    String rules = "{method: delete, path: '/{token}', authentication: none}";
    try (LogCapture log = new LogCapture()) {
      sent(rules, ODD_TOKEN);
      provider.close();
      revoke(withSecret(rules), ODD_TOKEN);
      revoke(outOfReach(rules), ODD_TOKEN);

      assertThat(log.text()).contains("out of reach").doesNotContain("canary");
    }
    assertThat(metrics.getMeters())
        .flatExtracting(meter -> meter.getId().getTags())
        .extracting(Tag::getValue)
        .noneMatch(value -> value.contains("canary"));
  }

  private ProviderClient outOfReach(String rules) {
    return Callers.withSecret(
        Callers.profile(URI.create("https://localhost:1"))
            .with(
                "endpoints",
                "{token: 'https://as.example/token', revoke: 'https://10.255.255.1/revoke'}")
            .with("revoke", rules)
            .profile());
  }

  @Test
  void withoutAnEndpointNothingIsSent() {
    ProviderClient client =
        Callers.withSecret(
            Callers.profile(provider.base())
                .with("endpoints", "{token: '%s/token'}".formatted(provider.base()))
                .profile());
    provider.forget();

    assertThat(revoke(client, REFRESH_TOKEN)).isEqualTo(new RevokeReply.Unsupported());
    assertThat(provider.requests()).isEmpty();
  }

  private ProviderClient withSecret(String rules) {
    return client(rules, ClientAuthenticationMethod.CLIENT_SECRET_POST);
  }

  private ProviderClient client(String rules, ClientAuthenticationMethod method) {
    return Callers.client(
        Callers.profile(provider.base()).with("revoke", rules).profile(),
        method,
        new ClientSecrets(
            Secret.of(Callers.ID), Optional.of(Secret.of(Callers.SECRET)), Optional.empty()),
        Optional.empty());
  }

  private Came sent(String rules, Revocation revocation) {
    return sent(withSecret(rules), revocation);
  }

  private Came sent(ProviderClient client, Revocation revocation) {
    provider.forget();
    assertThat(revoke(client, revocation)).isEqualTo(new RevokeReply.Revoked());
    return provider.onlyRequest();
  }

  private RevokeReply revoke(ProviderClient client, Revocation revocation) {
    return endpoint.revoke(client, revocation).await().atMost(Duration.ofSeconds(30));
  }
}
