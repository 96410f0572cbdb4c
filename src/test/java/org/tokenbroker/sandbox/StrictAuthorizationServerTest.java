package org.tokenbroker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokenbroker.sandbox.StrictClient.query;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Browser;
import org.tokenbroker.fixture.StrictProvider;

class StrictAuthorizationServerTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-05-01T12:00:00Z"));
  private final InstantSource time = now::get;
  private StrictProvider provider = start(StrictOptions.strict());
  private StrictClient client = new StrictClient(provider);

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  void consentGivesACodeWithStateAndIssuer() {
    URI callback = provider.allow(client.authorizeUrl(Map.of()), "alice");

    assertThat(callback.toString()).startsWith(StrictClient.CALLBACK + "?");
    assertThat(query(callback))
        .containsEntry("state", "state & more")
        .containsEntry("iss", provider.server().issuer())
        .containsKey("code");
  }

  @Test
  void denialIsAccessDenied() {
    assertThat(query(provider.deny(client.authorizeUrl(Map.of()))))
        .containsEntry("error", "access_denied")
        .containsEntry("state", "state & more")
        .doesNotContainKey("code");
  }

  @Test
  void promptNoneAgreesWithoutAPage() {
    Browser.Page page =
        new Browser().open(client.authorizeUrl(Map.of("prompt", "none", "login_hint", "alice")));

    assertThat(query(page.leftFor())).containsKey("code");
  }

  @Test
  void pageEscapesWhatTheLinkBrings() {
    Browser.Page page =
        new Browser().open(client.authorizeUrl(Map.of("login_hint", "\"><script>x</script>")));

    assertThat(page.document().select("script")).isEmpty();
    assertThat(page.document().select("input[name=account]").val())
        .isEqualTo("\"><script>x</script>");
  }

  @Test
  void unknownRedirectAddressIsNotVisited() {
    Browser.Page page =
        new Browser()
            .open(client.authorizeUrl(Map.of("redirect_uri", StrictClient.CALLBACK + "/other")));

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.redirect()).isEmpty();
  }

  @Test
  void authorizingWithoutS256IsRefused() {
    Browser.Page page =
        new Browser().open(client.authorizeUrl(Map.of("code_challenge_method", "plain")));

    assertThat(query(page.leftFor())).containsEntry("error", "invalid_request");
  }

  @Test
  void exchangedTokenOpensTheResourceUntilItExpires() {
    JsonObject tokens = client.connect("alice");

    assertThat(tokens.getString("scope")).isEqualTo("offline_access read");
    assertThat(tokens.getValue("expires_in")).isEqualTo(120);
    assertThat(whoAmI(tokens.getString("access_token")).body()).contains("\"account\":\"alice\"");
    now.updateAndGet(was -> was.plusSeconds(120));
    HttpResponse<String> late = whoAmI(tokens.getString("access_token"));
    assertThat(late.statusCode()).isEqualTo(401);
    assertThat(late.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer error=\"invalid_token\"");
  }

  @Test
  void codeUsedTwiceRevokesWhatItGave() {
    String code = client.codeFor("alice");
    JsonObject tokens = new JsonObject(client.token(client.exchangeForm(code)).body());

    HttpResponse<String> again = client.token(client.exchangeForm(code));

    assertThat(errorOf(again)).isEqualTo("invalid_grant");
    assertThat(provider.server().accepts(tokens.getString("access_token"))).isFalse();
  }

  @Test
  void codeIsBoundToVerifierRedirectAddressAndTime() {
    Map<String, String> otherVerifier = client.exchangeForm(client.codeFor("alice"));
    otherVerifier.put("code_verifier", StrictClient.VERIFIER + "x");
    Map<String, String> otherAddress = client.exchangeForm(client.codeFor("alice"));
    otherAddress.put("redirect_uri", StrictClient.CALLBACK + "/");
    Map<String, String> late = client.exchangeForm(client.codeFor("alice"));
    Map<String, String> without = client.exchangeForm(client.codeFor("alice"));
    without.remove("code_verifier");

    assertThat(errorOf(client.token(otherVerifier))).isEqualTo("invalid_grant");
    assertThat(errorOf(client.token(otherAddress))).isEqualTo("invalid_grant");
    assertThat(errorOf(client.token(without))).isEqualTo("invalid_request");
    now.updateAndGet(was -> was.plusSeconds(60));
    assertThat(errorOf(client.token(late))).isEqualTo("invalid_grant");
  }

  @Test
  void reuseOfARotatedTokenKillsTheFamily() {
    String first = client.connect("alice").getString("refresh_token");
    JsonObject second = new JsonObject(client.refresh(first).body());

    HttpResponse<String> reused = client.refresh(first);

    assertThat(errorOf(reused)).isEqualTo("invalid_grant");
    assertThat(provider.server().accepts(second.getString("access_token"))).isFalse();
    assertThat(errorOf(client.refresh(second.getString("refresh_token"))))
        .isEqualTo("invalid_grant");
    assertThat(provider.server().ledger().reuse()).hasSize(1);
  }

  @Test
  void supersededTokenWorksWithinGraceOnly() {
    restart(StrictOptions.strict().rotation(new RotationMode.Grace(Duration.ofSeconds(10))));
    String first = client.connect("alice").getString("refresh_token");
    client.refresh(first);

    now.updateAndGet(was -> was.plusSeconds(9));
    assertThat(client.refresh(first).statusCode()).isEqualTo(200);
    now.updateAndGet(was -> was.plusSeconds(10));
    assertThat(errorOf(client.refresh(first))).isEqualTo("invalid_grant");
    assertThat(provider.server().newestRefreshTokens("alice")).isEmpty();
  }

  @Test
  void withoutRotationTheTokenStaysAndIsNotRepeated() {
    restart(
        StrictOptions.strict()
            .rotation(new RotationMode.None())
            .expiresIn(StrictOptions.ExpiresIn.STRING)
            .tokenLife(Duration.ofSeconds(30)));
    String only = client.connect("alice").getString("refresh_token");

    JsonObject renewed = new JsonObject(client.refresh(only).body());

    assertThat(renewed.containsKey("refresh_token")).isFalse();
    assertThat(renewed.getValue("expires_in")).isEqualTo("30");
    assertThat(client.refresh(only).statusCode()).isEqualTo(200);
  }

  @Test
  void ownersRevocationKillsAccessAndRefresh() {
    JsonObject alice = client.connect("alice");
    JsonObject bob = client.connect("bob");

    assertThat(provider.server().revokeGrants("alice")).isEqualTo(1);

    assertThat(provider.server().accepts(alice.getString("access_token"))).isFalse();
    assertThat(errorOf(client.refresh(alice.getString("refresh_token"))))
        .isEqualTo("invalid_grant");
    assertThat(provider.server().accepts(bob.getString("access_token"))).isTrue();
  }

  @Test
  void revokingARefreshTokenEndsItsGrant() {
    JsonObject tokens = client.connect("alice");

    HttpResponse<String> revoked =
        client.send(
            StrictClient.post(
                provider.server().revocationEndpoint(),
                StrictClient.form(
                    Map.of("client_id", "public", "token", tokens.getString("refresh_token")))));

    assertThat(revoked.statusCode()).isEqualTo(200);
    assertThat(provider.server().accepts(tokens.getString("access_token"))).isFalse();
  }

  @Test
  void refreshMayNarrowButNotWidenTheScope() {
    String token = client.connect("alice").getString("refresh_token");
    Map<String, String> form =
        Map.of("grant_type", "refresh_token", "client_id", "public", "refresh_token", token);

    HttpResponse<String> wider = client.token(with(form, "scope", "read write"));
    HttpResponse<String> narrower = client.token(with(form, "scope", "read"));

    assertThat(errorOf(wider)).isEqualTo("invalid_scope");
    assertThat(new JsonObject(narrower.body()).getString("scope")).isEqualTo("read");
  }

  @Test
  void outageLosesNothing() {
    String token = client.connect("alice").getString("refresh_token");

    provider.outage();
    assertThatThrownBy(() -> client.refresh(token)).isInstanceOf(StrictClient.BrokenAnswer.class);
    provider.recovery();

    assertThat(client.refresh(token).statusCode()).isEqualTo(200);
  }

  @Test
  void metadataNamesWhatItServes() {
    JsonObject metadata =
        new JsonObject(
            client
                .send(
                    HttpRequest.newBuilder(
                        URI.create(
                            provider.server().issuer()
                                + "/.well-known/oauth-authorization-server")))
                .body());

    assertThat(metadata.getString("issuer")).isEqualTo(provider.server().issuer());
    assertThat(metadata.getString("token_endpoint"))
        .isEqualTo(provider.server().tokenEndpoint().toString());
    assertThat(metadata.getBoolean("authorization_response_iss_parameter_supported")).isTrue();
  }

  @Test
  void speaksTlsOnlyWhenItHasACertificate() {
    KeyMaterial material =
        CertificateAuthority.create("Provider CA", Clock.systemUTC())
            .issue(Leaf.loopbackServer("provider"));
    restart(StrictOptions.strict().tls(material));

    URI callback = provider.allow(client.authorizeUrl(Map.of()), "alice");

    assertThat(query(callback)).containsEntry("iss", provider.server().issuer());
    assertThat(provider.server().issuer()).startsWith("https://127.0.0.1:");
  }

  @Test
  void everySecretCarriesTheMarker() {
    restart(StrictOptions.strict().marker("canary-7f-"));
    JsonObject tokens = client.connect("alice");

    assertThat(provider.server().issuedSecrets())
        .contains(tokens.getString("access_token"), tokens.getString("refresh_token"))
        .allSatisfy(secret -> assertThat(secret).startsWith("canary-7f-"));
    assertThat(provider.server().ledger().requests().toString()).doesNotContain("canary-7f-");
  }

  private HttpResponse<String> whoAmI(String token) {
    return client.send(
        HttpRequest.newBuilder(provider.server().whoAmI())
            .header("Authorization", "Bearer " + token));
  }

  private void restart(StrictOptions options) {
    provider.close();
    provider = start(options);
    client = new StrictClient(provider);
  }

  private StrictProvider start(StrictOptions options) {
    return StrictProvider.start(options.time(time).client(StrictClient.registration()));
  }

  private static String errorOf(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("error");
  }

  private static Map<String, String> with(Map<String, String> form, String name, String value) {
    Map<String, String> more = new TreeMap<>(form);
    more.put(name, value);
    return more;
  }
}
