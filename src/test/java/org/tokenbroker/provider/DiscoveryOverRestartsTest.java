package org.tokenbroker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.Waited;
import org.tokenbroker.provider.AcceptedMetadata.Accepting;
import org.tokenbroker.provider.AcceptedMetadata.Subject;
import org.tokenbroker.provider.DiscoveryObserver.Outcome;
import org.tokenbroker.provider.RegistrationDesk.Put;
import org.tokenbroker.provider.store.ProviderStores;

/** What a replica believes of an issuer that others, or it before a restart, believed already. */
class DiscoveryOverRestartsTest {
  private static final String ISSUER = "https://as.acme.example";
  private static final String OPENID = ISSUER + "/.well-known/openid-configuration";
  private static final String GOOD =
      """
      {"issuer": "https://as.acme.example",
       "authorization_endpoint": "https://as.acme.example/auth",
       "token_endpoint": "https://as.acme.example/token",
       "revocation_endpoint": "https://as.acme.example/revoke",
       "introspection_endpoint": "https://as.acme.example/introspect",
       "mtls_endpoint_aliases": {"token_endpoint": "https://mtls.acme.example/token"},
       "authorization_response_iss_parameter_supported": true}
      """;
  private static final String MOVED = GOOD.replace("as.acme.example/token", "tokens.example/token");
  private static final MigratedDatabase DATABASE = ProviderStores.freshDatabase();

  private final AcceptedMetadata accepted = ProviderStores.acceptedMetadata(DATABASE.sessions());

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  @Requirement("C20")
  void aRestartDoesNotBelieveAnIssuerAnewWhoseEndpointsMoved() {
    Profile profile = profile("restarted");
    Metadata good = replica(GOOD).find(profile, ISSUER).orElseThrow();

    DiscoveryScene restarted = replica(MOVED);

    assertThat(restarted.find(profile, ISSUER)).hasValue(good);
    assertThat(restarted.outcomes).containsExactly(Outcome.HOST_CHANGED);
  }

  @Test
  @Requirement("C20")
  void theLastGoodCopyOutlivesARestartWhileTheIssuerIsAway() {
    Profile profile = profile("away");
    Metadata good = replica(GOOD).find(profile, ISSUER).orElseThrow();

    DiscoveryScene restarted = new DiscoveryScene(accepted);

    assertThat(restarted.find(profile, ISSUER)).hasValue(good);
    assertThat(restarted.outcomes).containsExactly(Outcome.UNREACHABLE);
  }

  @Test
  @Requirement("C20")
  void anOperatorAcceptsTheMoveThatWasRefusedAndNoOther() {
    Profile profile = profile("accepted");
    DiscoveryScene scene = replica(GOOD);
    DiscoveryScene other = replica(GOOD);
    scene.find(profile, ISSUER);
    other.find(profile, ISSUER);
    scene.publish(OPENID, MOVED);
    lookAgain(scene, profile);
    assertThat(scene.outcomes).last().isEqualTo(Outcome.HOST_CHANGED);

    assertThat(accept(profile)).isEqualTo(Accepting.DONE);
    assertThat(accept(profile)).isEqualTo(Accepting.DONE);

    lookAgain(scene, profile);
    assertThat(scene.find(profile, ISSUER).orElseThrow().token())
        .hasValue(URI.create("https://tokens.example/token"));
    other.publish(OPENID, MOVED.replace("tokens.example", "evil.example"));
    lookAgain(other, profile);
    assertThat(other.outcomes).last().isEqualTo(Outcome.HOST_CHANGED);
    other.publish(OPENID, MOVED);
    lookAgain(other, profile);
    assertThat(other.outcomes).last().isEqualTo(Outcome.FOUND);
  }

  @Test
  @Requirement("C20")
  void acceptingWhereNothingWasRefusedBelievesNothing() {
    Profile profile = profile("untouched");
    Metadata good = replica(GOOD).find(profile, ISSUER).orElseThrow();

    accept(profile);

    assertThat(replica(MOVED).find(profile, ISSUER)).hasValue(good);
  }

  @Test
  @Requirement("C20")
  void aHostThatTheProfileNamesIsFollowed() {
    ProfileFixture fixture = fixture("named");
    replica(GOOD).find(fixture.profile(), ISSUER);
    Profile naming =
        fixture
            .with("hosts", "['as.acme.example', 'mtls.acme.example', 'tokens.example']")
            .profile();

    assertThat(replica(MOVED).find(naming, ISSUER).orElseThrow().token())
        .hasValue(URI.create("https://tokens.example/token"));
  }

  @Test
  @Requirement("C20")
  void whoCannotTellWhatWasAcceptedBelievesNothingNew() {
    MemoryMetadata store = new MemoryMetadata();
    store.away = true;
    DiscoveryScene cold = new DiscoveryScene(store);
    cold.publish(OPENID, GOOD);
    Profile profile = profile("outage");

    assertThat(cold.find(profile, ISSUER)).isEmpty();

    store.away = false;
    lookAgain(cold, profile);
    Optional<Metadata> good = cold.find(profile, ISSUER);
    assertThat(good).isPresent();
    store.away = true;
    cold.publish(OPENID, MOVED);
    lookAgain(cold, profile);
    assertThat(cold.find(profile, ISSUER)).isEqualTo(good);
    assertThat(cold.outcomes).last().isEqualTo(Outcome.HOST_CHANGED);
    cold.publish(OPENID, GOOD.replace("example/auth", "example/v2/auth"));
    lookAgain(cold, profile);
    assertThat(cold.outcomes).last().isEqualTo(Outcome.FOUND);
  }

  @Test
  @Requirement("C20")
  void puttingARegistrationAcceptsWhereItsIssuerMovedTo() {
    ProfileFixture fixture = fixture("acme");
    KeyScene scene = new KeyScene(DATABASE, fixture);
    replica(GOOD).find(fixture.profile(), ISSUER);
    replica(MOVED).find(fixture.profile(), ISSUER);

    assertThat(scene.putAt("as.acme.example", Optional.of("the client"), Optional.of("the secret")))
        .isInstanceOf(Put.Created.class);

    assertThat(replica(MOVED).find(fixture.profile(), ISSUER).orElseThrow().token())
        .hasValue(URI.create("https://tokens.example/token"));
  }

  @Test
  void hostsCompareWithTheirPort() {
    Subject subject = new Subject("ports", ISSUER);
    Metadata found = replica(GOOD).find(profile("ports-of"), ISSUER).orElseThrow();

    Waited.value(
        accepted.judge(subject, found, Set.of("as.acme.example:443"), scene().time.instant()));

    assertThat(
            Waited.value(
                accepted.judge(
                    subject, found, Set.of("as.acme.example:8443"), scene().time.instant())))
        .isEqualTo(new AcceptedMetadata.Judged.Moved(found));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AS.Acme.Example", "as.acme.example:443", "As.Acme.Example:443"})
  @Requirement("C20")
  void theSameHostWrittenOtherwiseIsNoMove(String written) {
    Profile profile = profile("written-" + written.length() + written.startsWith("A"));
    replica(GOOD).find(profile, ISSUER);

    DiscoveryScene restarted =
        replica(GOOD.replace("as.acme.example/token", written + "/v2/token"));

    assertThat(restarted.find(profile, ISSUER).flatMap(Metadata::token))
        .hasValue(URI.create("https://" + written + "/v2/token"));
    assertThat(restarted.outcomes).containsExactly(Outcome.FOUND);
  }

  @Test
  @Requirement("C20")
  void anotherPortOfTheHostIsAMove() {
    Profile profile = profile("another-port");
    Metadata good = replica(GOOD).find(profile, ISSUER).orElseThrow();

    DiscoveryScene restarted =
        replica(GOOD.replace("as.acme.example/token", "AS.acme.example:8443/token"));

    assertThat(restarted.find(profile, ISSUER)).hasValue(good);
    assertThat(restarted.outcomes).containsExactly(Outcome.HOST_CHANGED);
  }

  private Accepting accept(Profile profile) {
    return Waited.value(accepted.accept(new Subject(profile.id(), ISSUER), scene().time.instant()));
  }

  private DiscoveryScene scene() {
    return new DiscoveryScene(accepted);
  }

  private DiscoveryScene replica(String document) {
    DiscoveryScene replica = scene();
    replica.publish(OPENID, document);
    return replica;
  }

  /** Whoever knows something does not wait for the fetch, so it is asked until it has ended. */
  private static void lookAgain(DiscoveryScene scene, Profile profile) {
    int before = scene.outcomes.size();
    scene.time.advance(Duration.ofHours(2));
    Awaitility.await().until(() -> hasFetched(scene, profile, before));
  }

  private static boolean hasFetched(DiscoveryScene scene, Profile profile, int before) {
    scene.find(profile, ISSUER);
    return scene.outcomes.size() > before;
  }

  private static Profile profile(String id) {
    return fixture(id).profile();
  }

  private static ProfileFixture fixture(String id) {
    return ProfileFixture.anywhere()
        .id(id)
        .with("issuer", "'https://{server}'")
        .with("variables", "{server: {kind: location, pattern: '.+'}}")
        .with("hosts", "['*']")
        .with("discovery", "true")
        .with("endpoints", "{}")
        .with("authorize", "{}");
  }
}
