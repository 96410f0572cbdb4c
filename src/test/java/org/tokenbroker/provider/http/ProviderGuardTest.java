package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.StrictProvider;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.ProviderConfig;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Granted;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Rejected;
import org.tokenbroker.provider.TokenReply.Throttled;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.provider.http.ProviderGuard.Judged;
import org.tokenbroker.provider.http.ProviderGuard.Verdict;
import org.tokenbroker.sandbox.Fault;
import org.tokenbroker.sandbox.OAuthClient;
import org.tokenbroker.sandbox.StrictOptions;
import org.tokenbroker.token.Scopes;

@QuarkusTest
@TestProfile(CallsToProviders.class)
class ProviderGuardTest {
  private static final TokenRequest ASK = new TokenRequest.ClientCredentials(Scopes.of("read"));
  private static final TokenReply HELD_BACK = new Unreachable(Obstacle.HELD_BACK);
  private static final String TOO_MANY =
      "HTTP/1.1 429 Too Many\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject TokenEndpoint endpoint;
  @Inject MeterRegistry metrics;
  @Inject ProviderConfig config;

  private StrictProvider provider;

  @BeforeEach
  void start() {
    provider = StrictProvider.start(StrictOptions.strict());
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  @Requirement("G-6")
  void faultsOpenTheBreakerAndOneProbeClosesIt() {
    ProviderClient client = Callers.registered(provider);
    provider.server().faults().next("client_credentials", 10, Fault.serverError());
    request(client, 10);

    assertThat(request(client)).isEqualTo(HELD_BACK);
    assertThat(requests()).isEqualTo(10);
    assertThat(circuitState(client.profile())).isEqualTo(2);

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(request(client)).isInstanceOf(Granted.class));
    assertThat(requests()).isEqualTo(11);
    assertThat(circuitState(client.profile())).isZero();
  }

  @Test
  @Requirement("G-6")
  void aBudgetThatNobodyUsesIsForgottenUnlessItHoldsSomethingBack() {
    HandTime time = HandTime.atNoon();
    ProviderGuards guards = new ProviderGuards(config, time, new SimpleMeterRegistry());
    Profile profile = Callers.profile(provider).with("limits", "{per: registration}").profile();
    ProviderClient idle = Callers.withSecret(profile);
    ProviderClient used = Callers.withSecret(profile);
    ProviderClient paused = Callers.withSecret(profile);
    ProviderClient busy = Callers.withSecret(profile);
    List<ProviderGuard> before = Stream.of(idle, used, paused, busy).map(guards::of).toList();
    call(before.get(2), Uni.createFrom().item(new Verdict.Pause(Duration.ofHours(3))));
    call(before.get(3), Uni.createFrom().nothing());

    time.advance(Duration.ofMinutes(50));
    guards.of(used);
    time.advance(Duration.ofMinutes(50));

    assertThat(Stream.of(used, paused, busy, idle).map(guards::of))
        .startsWith(before.get(1), before.get(2), before.get(3))
        .doesNotContain(before.get(0));
    assertThat(guards.size()).isEqualTo(4);
    time.advance(Duration.ofHours(4));
    guards.of(profile);
    assertThat(guards.size()).as("the busy one, and this one").isEqualTo(2);
  }

  private static void call(ProviderGuard guard, Uni<Verdict> verdict) {
    guard
        .call(verdict.map(said -> new Judged<>("reply", said)), "held back", "timed out")
        .subscribe()
        .with(reply -> {});
  }

  @Test
  @Requirement("G-6")
  void refusalsNeverOpenTheBreaker() {
    ProviderClient client = Callers.registered(provider);
    provider.server().faults().next("client_credentials", 20, Fault.invalidGrant("x"));

    assertThat(request(client, 20)).allMatch(Rejected.class::isInstance);
    assertThat(request(client)).isInstanceOf(Granted.class);
    assertThat(requests()).isEqualTo(21);
  }

  @Test
  @Requirement("G-6")
  void aThrottledProviderIsLeftAloneByAllItsRegistrations() {
    ProviderClient client = Callers.registered(provider);
    ProviderClient another = Callers.withSecret(client.profile());
    provider.server().faults().next(Fault.throttled(Duration.ofSeconds(3)));

    assertThat(request(client)).isInstanceOf(Throttled.class);
    assertThat(request(client)).isEqualTo(HELD_BACK);
    assertThat(request(another)).isEqualTo(HELD_BACK);
    assertThat(requests()).isEqualTo(1);

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(request(another)).isInstanceOf(Granted.class));
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  @Requirement({"G-6", "X-5"})
  void aRegistrationHasABudgetOfItsOwnWhereTheProfileSaysSo() {
    provider.server().register(registration());
    ProviderClient client =
        Callers.withSecret(
            Callers.profile(provider)
                .with("limits", "{requests_per_second: 1000, concurrency: 8, per: registration}")
                .profile());
    ProviderClient another = Callers.withSecret(client.profile());
    provider.server().faults().next(Fault.throttled(Duration.ofMinutes(5)));

    assertThat(request(client)).isInstanceOf(Throttled.class);
    assertThat(request(client)).isEqualTo(HELD_BACK);
    assertThat(request(another)).isInstanceOf(Granted.class);

    provider.server().faults().next("client_credentials", 10, Fault.serverError());
    request(another, 12);
    assertThat(circuitState(client.profile())).isEqualTo(2);
  }

  @Test
  @Requirement({"G-6", "X-5"})
  void aHostHasABudgetOfItsOwnWhereTheProfileSaysSo() {
    try (RawServer crowded = RawServer.answering(TOO_MANY);
        RawServer idle = RawServer.answering(TOO_MANY)) {
      Profile profile =
          Callers.profile(crowded.uri())
              .with("variables", "{shop: {kind: location, pattern: '127[.].+'}}")
              .with("hosts", "['*']")
              .with("endpoints", "{token: 'http://{shop}/token'}")
              .with("limits", "{per: host}")
              .profile();
      ProviderClient there = at(crowded, profile);

      assertThat(request(there)).isInstanceOf(Throttled.class);
      assertThat(request(there)).isEqualTo(HELD_BACK);
      assertThat(request(at(crowded, profile))).isEqualTo(HELD_BACK);
      assertThat(request(at(idle, profile))).isInstanceOf(Throttled.class);
    }
  }

  private static ProviderClient at(RawServer server, Profile profile) {
    Map<String, String> where = Map.of("shop", server.uri().getAuthority());
    return Callers.filling(profile, new Particulars(where, Map.of(), Map.of(), Optional.empty()));
  }

  @Test
  @Requirement({"G-6", "X-5"})
  void aPauseLastsUntilTheResetThatTheProfilesHeaderNames() {
    long reset = Instant.now().plusSeconds(40).getEpochSecond();
    try (RawServer server =
        RawServer.answering(
            "HTTP/1.1 429 Too Many\r\nX-RateLimit-Reset: %s\r\nContent-Length: 0\r\n\r\n"
                .formatted(reset))) {
      ProviderClient client =
          Callers.withSecret(
              Callers.profile(server.uri())
                  .with("limits", "{reset_header: x-ratelimit-reset}")
                  .profile());

      assertThat(request(client))
          .asInstanceOf(InstanceOfAssertFactories.type(Throttled.class))
          .satisfies(
              reply ->
                  assertThat(reply.retryAfter())
                      .isBetween(Duration.ofSeconds(31), Duration.ofSeconds(40)));
      assertThat(request(client)).isEqualTo(HELD_BACK);
    }
  }

  @Test
  @Requirement("G-6")
  void oneProvidersTroubleIsNotAnothers() {
    ProviderClient client = Callers.registered(provider);
    try (StrictProvider other = StrictProvider.start(StrictOptions.strict())) {
      ProviderClient elsewhere = Callers.registered(other);
      provider.server().faults().next("client_credentials", 10, Fault.serverError());
      request(client, 10);
      assertThat(request(client)).isEqualTo(HELD_BACK);

      assertThat(request(elsewhere)).isInstanceOf(Granted.class);
    }
  }

  @Test
  @Requirement("G-7")
  void whatIsTooMuchForOneSecondWaitsForTheNextOnes() {
    Profile profile = Callers.profile(provider).limits(3, 100).profile();
    ProviderGuard patient =
        new ProviderGuard(
            profile.limits(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            InstantSource.system());
    Uni<ProviderGuard.Judged<String>> sending =
        Uni.createFrom()
            .item(new ProviderGuard.Judged<>("sent", new ProviderGuard.Verdict.Sound()));
    long begun = System.nanoTime();

    List<String> replies =
        Multi.createFrom()
            .range(0, 7)
            .onItem()
            .transformToUniAndMerge(each -> patient.call(sending, "held back", "timed out"))
            .collect()
            .asList()
            .await()
            .atMost(PATIENCE);

    assertThat(replies).hasSize(7).containsOnly("sent");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  @Requirement("G-7")
  void noMoreStartInASecondThanTheProfileAllows() {
    provider.server().register(registration());
    ProviderClient client = Callers.withSecret(Callers.profile(provider).limits(3, 100).profile());

    List<TokenReply> replies = together(client, 10);

    assertThat(replies).filteredOn(Granted.class::isInstance).hasSizeBetween(3, 9);
    assertThat(replies).filteredOn(reply -> !(reply instanceof Granted)).containsOnly(HELD_BACK);
    assertThat(replies).filteredOn(Granted.class::isInstance).hasSize(requests());
  }

  @Test
  @Requirement("G-7")
  void noMoreAreInFlightThanTheProfileAllowsAndAsManyWait() {
    provider.server().register(registration());
    provider
        .server()
        .faults()
        .next("client_credentials", 4, new Fault.Delay(Duration.ofMillis(300)));
    ProviderClient client = Callers.withSecret(Callers.profile(provider).limits(1000, 2).profile());

    List<TokenReply> replies = together(client, 10);

    assertThat(replies).filteredOn(Granted.class::isInstance).hasSize(4);
    assertThat(replies).filteredOn(HELD_BACK::equals).hasSize(6);
    assertThat(requests()).isEqualTo(4);
  }

  @Test
  @Requirement("G-1")
  void aCallThatWaitedForItsTurnHasTheWholeTimeForItsAnswer() {
    provider.server().register(registration());
    provider.server().faults().next(new Fault.Delay(share(0.4)));
    provider.server().faults().next(new Fault.Delay(share(0.7)));
    ProviderClient client = Callers.withSecret(Callers.profile(provider).limits(1000, 1).profile());

    List<TokenReply> replies = together(client, 2);

    assertThat(replies).allMatch(Granted.class::isInstance);
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  @Requirement("X-4")
  void aCallWhoseTurnComesTooLateIsNotSent() {
    provider.server().register(registration());
    provider.server().faults().next(new Fault.Delay(share(0.7)));
    ProviderClient client = Callers.withSecret(Callers.profile(provider).limits(1000, 1).profile());

    List<TokenReply> replies = together(client, 2);

    assertThat(replies).hasAtLeastOneElementOfType(Granted.class).contains(HELD_BACK);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  @Requirement("X-4")
  void aCallThatIsHeldBackIsNeverSentAfterwards() {
    provider.server().register(registration());
    provider.server().faults().next(new Fault.Hang(Fault.Effect.NOT_APPLIED));
    ProviderClient client = Callers.withSecret(Callers.profile(provider).limits(1000, 1).profile());

    List<TokenReply> replies = together(client, 3);

    assertThat(replies).contains(new TokenReply.Ambiguous(TokenReply.Doubt.TIMEOUT), HELD_BACK);
    assertThat(requests())
        .as("whoever was told that nothing was sent was told the truth")
        .isEqualTo((int) replies.stream().filter(reply -> !reply.equals(HELD_BACK)).count());
  }

  private static Duration share(double ofTheTimeLimit) {
    return Duration.ofMillis((long) (CallsToProviders.TIMEOUT_MILLIS * ofTheTimeLimit));
  }

  private static OAuthClient registration() {
    return OAuthClient.of(Callers.ID, new OAuthClient.SecretPost(Callers.SECRET));
  }

  private int requests() {
    return provider.server().ledger().requests().size();
  }

  private double circuitState(Profile profile) {
    return metrics.get("token_broker_circuit_state").tag("provider", profile.id()).gauge().value();
  }

  private List<TokenReply> together(ProviderClient client, int number) {
    return Uni.join()
        .all(IntStream.range(0, number).mapToObj(i -> endpoint.request(client, ASK)).toList())
        .andFailFast()
        .await()
        .atMost(PATIENCE);
  }

  private List<TokenReply> request(ProviderClient client, int times) {
    return Stream.generate(() -> request(client)).limit(times).toList();
  }

  private TokenReply request(ProviderClient client) {
    return endpoint.request(client, ASK).await().atMost(PATIENCE);
  }
}
