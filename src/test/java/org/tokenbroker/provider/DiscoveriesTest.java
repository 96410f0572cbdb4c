package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.DiscoveryObserver.Outcome;
import org.tokenbroker.provider.TokenAnswer.Body;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

class DiscoveriesTest {
  private static final String ISSUER = "https://as.acme.example/realms/x";
  private static final String OPENID = ISSUER + "/.well-known/openid-configuration";
  private static final String RFC_8414 =
      "https://as.acme.example/.well-known/oauth-authorization-server/realms/x";
  private static final String GOOD =
      """
      {"issuer": "https://as.acme.example/realms/x",
       "authorization_endpoint": "https://as.acme.example/auth",
       "token_endpoint": "https://as.acme.example/token",
       "revocation_endpoint": "https://as.acme.example/revoke",
       "introspection_endpoint": "https://as.acme.example/introspect",
       "code_challenge_methods_supported": ["plain", "S256"],
       "authorization_response_iss_parameter_supported": true}
      """;

  private final DiscoveryScene scene = new DiscoveryScene();
  private final Profile profile = profile("*");

  @Test
  @Requirement("C20")
  void endpointsOfTheOpenIdDocumentAreFound() {
    scene.publish(OPENID, GOOD);

    Metadata found = find().orElseThrow();

    assertThat(found.authorize()).hasValue(URI.create("https://as.acme.example/auth"));
    assertThat(found.token()).hasValue(URI.create("https://as.acme.example/token"));
    assertThat(found.revoke()).hasValue(URI.create("https://as.acme.example/revoke"));
    assertThat(found.introspect()).hasValue(URI.create("https://as.acme.example/introspect"));
    assertThat(found.issInResponses()).isTrue();
    assertThat(scene.outcomes).containsExactly(Outcome.FOUND);
  }

  @Test
  @Requirement("C20")
  void theDocumentOfRfc8414IsLookedForWhereThereIsNoOther() {
    scene.publish(OPENID, DiscoveryScene.json(404, "{}"));
    scene.publish(RFC_8414, GOOD);

    assertThat(find()).isPresent();
    assertThat(scene.fetched).containsExactly(URI.create(OPENID), URI.create(RFC_8414));
  }

  @ParameterizedTest
  @CsvSource({
    "https://as.example,    https://as.example/.well-known/openid-configuration,"
        + " https://as.example/.well-known/oauth-authorization-server",
    "https://as.example/,   https://as.example/.well-known/openid-configuration,"
        + " https://as.example/.well-known/oauth-authorization-server",
    "https://as.example:8443/op/, https://as.example:8443/op/.well-known/openid-configuration,"
        + " https://as.example:8443/.well-known/oauth-authorization-server/op",
  })
  void whereDocumentsLieFollowsFromTheIssuer(String issuer, URI openId, URI rfc8414) {
    assertThat(MetadataReading.locations(issuer)).containsExactly(openId, rfc8414);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://as.acme.example/realms/x/",
        "https://AS.acme.example/realms/x",
        "https://evil.example",
        "",
      })
  @Requirement("C20")
  void aDocumentOfAnotherIssuerIsRefused(String claimed) {
    scene.publish(OPENID, GOOD.replace("\"issuer\": \"" + ISSUER, "\"issuer\": \"" + claimed));
    scene.publish(RFC_8414, GOOD);

    assertThat(find()).isEmpty();
    assertThat(scene.outcomes).containsExactly(Outcome.REFUSED);
    assertThat(scene.fetched).containsExactly(URI.create(OPENID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://as.acme.example/token",
        "//as.acme.example/token",
        "/token",
        "https:token",
        "https://user@as.acme.example/token",
        "https://as.acme.example/token#x",
        "https://as.acme.example/ token",
        "ftp://as.acme.example/token",
        "",
      })
  @Requirement("C20")
  void anEndpointThatIsNoPlainHttpsUrlIsRefused(String endpoint) {
    scene.publish(OPENID, GOOD.replace("https://as.acme.example/token", endpoint));

    assertThat(find()).isEmpty();
    assertThat(scene.outcomes).containsExactly(Outcome.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "169.254.169.254", "[::1]", "localhost", "10.0.0.1", "2130706433"})
  @Requirement({"C20", "C24"})
  void anEndpointOutOfReachIsRefused(String host) {
    scene.publish(OPENID, GOOD.replace("as.acme.example/token", host + "/token"));

    assertThat(find()).isEmpty();
    assertThat(scene.outcomes).containsExactly(Outcome.REFUSED);
  }

  @Test
  @Requirement("C20")
  void anEndpointOutsideOfTheProfilesHostsIsRefused() {
    scene.publish(OPENID, GOOD.replace("as.acme.example/token", "tokens.example/token"));

    assertThat(scene.find(profile("as.acme.example"), ISSUER)).isEmpty();
    assertThat(scene.find(profile("*"), ISSUER)).isPresent();
  }

  @Test
  @Requirement("C20")
  void whatWasAcceptedIsNotUsedOnceTheProfilesHostsExcludeIt() {
    scene.publish(OPENID, GOOD.replace("as.acme.example/token", "tokens.example/token"));
    assertThat(scene.find(fixture("*").id("narrowed").profile(), ISSUER)).isPresent();
    Profile narrowed = fixture("as.acme.example").id("narrowed").profile();

    assertThat(scene.find(narrowed, ISSUER)).isEmpty();
    assertThat(scene.discoveries.known(narrowed, ISSUER)).isEmpty();
    scene.time.advance(Duration.ofHours(2));
    assertThat(scene.find(narrowed, ISSUER)).isEmpty();
    assertThat(scene.outcomes).containsExactly(Outcome.FOUND, Outcome.REFUSED);
  }

  @Test
  @Requirement("B2")
  void anIssuerThatOffersOnlyPlainChallengesIsRefusedUnlessTheProfileSaysSo() {
    scene.publish(OPENID, GOOD.replace("[\"plain\", \"S256\"]", "[\"plain\"]"));

    assertThat(find()).isEmpty();
    assertThat(
            scene.find(
                fixture("*").id("plain").with("authorize", "{pkce: plain}").profile(), ISSUER))
        .isPresent();
    assertThat(
            scene.find(
                fixture("*").id("machine").with("grants", "[client_credentials]").profile(),
                ISSUER))
        .isPresent();
  }

  @Test
  @Requirement("C20")
  void whatIsNoDocumentIsRefused() {
    scene.publish(RFC_8414, DiscoveryScene.json(404, "{}"));
    for (TokenAnswer answer :
        List.of(
            DiscoveryScene.json(200, "{\"issuer\":"),
            DiscoveryScene.json(200, "[" + GOOD + "]"),
            DiscoveryScene.json(302, GOOD),
            DiscoveryScene.json(500, GOOD),
            new TokenAnswer(
                200, Optional.of("text/html"), Optional.empty(), new Body.Complete(GOOD)),
            body(new Body.TooLarge()),
            body(new Body.Cut()),
            body(new Body.TimedOut()))) {
      scene.publish(OPENID, answer);
      scene.time.advance(Duration.ofHours(2));

      assertThat(find()).isEmpty();
    }
    assertThat(scene.outcomes).containsOnly(Outcome.REFUSED).hasSize(8);
  }

  @Test
  @Requirement("C20")
  void theLastGoodCopyStaysWhateverComesAfterIt() {
    scene.publish(OPENID, GOOD);
    Optional<Metadata> good = find();
    scene.publish(RFC_8414, DiscoveryScene.json(404, "{}"));

    for (TokenAnswer answer :
        List.of(
            DiscoveryScene.json(200, "<html>"),
            DiscoveryScene.json(404, "{}"),
            DiscoveryScene.json(200, GOOD.replace("https://as.acme.example/t", "http://x/t")))) {
      scene.publish(OPENID, answer);
      scene.time.advance(Duration.ofHours(2));
      assertThat(find()).isEqualTo(good);
      assertThat(find()).isEqualTo(good);
    }
    scene.web.clear();
    scene.time.advance(Duration.ofHours(2));

    assertThat(find()).isEqualTo(good);
    assertThat(scene.outcomes).last().isEqualTo(Outcome.UNREACHABLE);
  }

  @Test
  @Requirement("C20")
  void anEndpointThatMovesToAnotherHostIsToldAndNotFollowed() {
    scene.publish(OPENID, GOOD);
    Optional<Metadata> good = find();
    scene.publish(OPENID, GOOD.replace("as.acme.example/token", "evil.example/token"));
    scene.time.advance(Duration.ofHours(2));

    assertThat(find()).isEqualTo(good);
    assertThat(find()).isEqualTo(good);

    assertThat(scene.outcomes).containsExactly(Outcome.FOUND, Outcome.HOST_CHANGED);
  }

  @Test
  void anEndpointThatMovesOnItsHostIsFollowed() {
    scene.publish(OPENID, GOOD);
    find();
    scene.publish(OPENID, GOOD.replace("as.acme.example/token", "as.acme.example/v2/token"));
    scene.time.advance(Duration.ofHours(2));

    find();

    assertThat(find().orElseThrow().token())
        .hasValue(URI.create("https://as.acme.example/v2/token"));
  }

  @Test
  void whatIsKnownIsAskedForAgainAboutOnceAnHourAndNobodyWaits() {
    scene.publish(OPENID, GOOD);
    Optional<Metadata> good = find();
    List<UniEmitter<? super Optional<TokenAnswer>>> hanging = new ArrayList<>();
    scene.web.put(URI.create(OPENID), Uni.createFrom().emitter(hanging::add));

    scene.time.advance(Duration.ofMinutes(50));
    assertThat(find()).isEqualTo(good);
    assertThat(hanging).isEmpty();

    scene.time.advance(Duration.ofMinutes(20));
    assertThat(find()).isEqualTo(good);
    assertThat(find()).isEqualTo(good);
    assertThat(hanging).hasSize(1);
  }

  @Test
  void whoAsksWhileNothingIsKnownWaitsForOneFetch() {
    List<UniEmitter<? super Optional<TokenAnswer>>> hanging = new ArrayList<>();
    scene.web.put(URI.create(OPENID), Uni.createFrom().emitter(hanging::add));
    List<Optional<Metadata>> told = new ArrayList<>();

    scene.discoveries.find(profile, ISSUER).subscribe().with(told::add);
    scene.discoveries.find(profile, ISSUER).subscribe().with(told::add);
    assertThat(told).isEmpty();
    hanging.getFirst().complete(Optional.of(DiscoveryScene.json(200, GOOD)));

    assertThat(told).hasSize(2).allMatch(Optional::isPresent);
    assertThat(hanging).hasSize(1);
  }

  @Test
  void anIssuerThatFailedIsLeftAloneForAMinute() {
    assertThat(find()).isEmpty();
    assertThat(find()).isEmpty();
    assertThat(scene.fetched).hasSize(1);

    scene.publish(OPENID, GOOD);
    scene.time.advance(Duration.ofSeconds(70));

    assertThat(find()).isPresent();
  }

  @Test
  @Requirement("B3")
  void whatTheProfileNamesStaysAndTheRestIsFilledIn() {
    scene.publish(OPENID, GOOD);
    Profile naming =
        fixture("*").with("endpoints", "{token: 'https://named.example/token'}").profile();

    Site named = Site.of(naming, Map.of("issuer", "as.acme.example/realms/x"));
    Site site = named.with(find().orElseThrow());

    assertThat(named.missing(naming)).containsExactly("endpoints.authorize");
    assertThat(named.requiresIss()).isFalse();
    assertThat(site.missing(naming)).isEmpty();
    assertThat(site.token()).hasValue(URI.create("https://named.example/token"));
    assertThat(site.refresh()).hasValue(URI.create("https://named.example/token"));
    assertThat(site.authorize()).hasValue(URI.create("https://as.acme.example/auth"));
    assertThat(site.requiresIss()).isTrue();
  }

  @Test
  @Requirement("C13")
  void aClientThatShowsACertificateIsLedToTheAliases() {
    scene.publish(OPENID, aliased("mtls.acme.example"));

    Metadata found = find().orElseThrow();

    assertThat(site(Optional.of("acme-client"), found).token())
        .hasValue(URI.create("https://mtls.acme.example/token"));
    assertThat(site(Optional.of("acme-client"), found).refresh())
        .hasValue(URI.create("https://mtls.acme.example/token"));
    assertThat(site(Optional.of("acme-client"), found).revoke())
        .hasValue(URI.create("https://as.acme.example/revoke"));
    assertThat(site(Optional.empty(), found).token())
        .hasValue(URI.create("https://as.acme.example/token"));
  }

  @Test
  @Requirement("C13")
  void withoutAliasesACertificateIsShownAtTheEndpointsThemselves() {
    scene.publish(OPENID, GOOD);

    assertThat(site(Optional.of("acme-client"), find().orElseThrow()).token())
        .hasValue(URI.create("https://as.acme.example/token"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "user@as.acme.example"})
  @Requirement({"C13", "C24"})
  void anAliasIsJudgedAsAnyEndpointIs(String host) {
    scene.publish(OPENID, aliased(host));

    assertThat(find()).isEmpty();
    assertThat(scene.outcomes).containsExactly(Outcome.REFUSED);
  }

  @Test
  @Requirement({"C13", "C20"})
  void anAliasThatMovesToAnotherHostIsNotFollowed() {
    scene.publish(OPENID, aliased("mtls.acme.example"));
    Optional<Metadata> good = find();
    scene.publish(OPENID, aliased("evil.example"));
    scene.time.advance(Duration.ofHours(2));

    find();

    assertThat(find()).isEqualTo(good);
    assertThat(scene.outcomes).containsExactly(Outcome.FOUND, Outcome.HOST_CHANGED);
  }

  private static String aliased(String host) {
    return GOOD.stripTrailing().replaceFirst("\\}$", "")
        + ", \"mtls_endpoint_aliases\": {\"token_endpoint\": \"https://"
        + host
        + "/token\"}}";
  }

  private Site site(Optional<String> tlsConfiguration, Metadata found) {
    Registration registration =
        new Registration(
            new RegistrationId("acme"),
            profile.id(),
            "Acme",
            "",
            List.of(),
            ClientAuthenticationMethod.TLS_CLIENT_AUTH,
            Optional.empty(),
            Scopes.none(),
            List.of(),
            new Particulars(
                Map.of("issuer", "as.acme.example/realms/x"), Map.of(), Map.of(), tlsConfiguration),
            new RegistrationHealth.Healthy(),
            1);
    Standing standing = Standing.of(Optional.of(profile), registration, Optional.of(found));
    return ((Standing.Usable) standing).site();
  }

  private static TokenAnswer body(Body body) {
    return new TokenAnswer(200, Optional.of("application/json"), Optional.empty(), body);
  }

  private Optional<Metadata> find() {
    return scene.find(profile, ISSUER);
  }

  private static Profile profile(String hosts) {
    return fixture(hosts).id("oidc-" + hosts.length()).profile();
  }

  private static ProfileFixture fixture(String hosts) {
    return ProfileFixture.anywhere()
        .with("issuer", "'https://{issuer}'")
        .with("variables", "{issuer: {kind: location, pattern: '.+'}}")
        .with("hosts", "['" + hosts + "']")
        .with("discovery", "true")
        .with("endpoints", "{}")
        .with("authorize", "{}");
  }
}
