package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Ports;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.StrictProvider;
import org.tokenbroker.provider.Profile.Revoke.TokenKind;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Ambiguous;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Rejected;
import org.tokenbroker.provider.TokenReply.Throttled;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.sandbox.Fault;
import org.tokenbroker.sandbox.OAuthClient;
import org.tokenbroker.sandbox.StrictOptions;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

@QuarkusTest
@TestProfile(CallsToProviders.class)
class FaultyProviderTest {
  private static final TokenRequest ASK = new TokenRequest.ClientCredentials(Scopes.of("read"));
  private static final Duration LIMIT = Duration.ofMillis(CallsToProviders.TIMEOUT_MILLIS);

  @Inject TokenEndpoint endpoint;

  private StrictProvider provider;
  private ProviderClient client;

  @BeforeEach
  void start() {
    provider = StrictProvider.start(StrictOptions.strict().marker("canary-token-"));
    client = Callers.registered(provider);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("web page", Fault.html(), new Ambiguous(Doubt.UNREADABLE)),
        Arguments.of("no token", Fault.withoutAccessToken(), new Ambiguous(Doubt.UNREADABLE)),
        Arguments.of("deep nesting", Fault.deeplyNested(5000), new Ambiguous(Doubt.UNREADABLE)),
        Arguments.of(
            "error in a success",
            Fault.errorWithStatus200("invalid_grant"),
            new Rejected(Rejection.INVALID_GRANT)),
        Arguments.of("cut, applied", new Fault.Cut(Fault.Effect.APPLIED), new Ambiguous(Doubt.CUT)),
        Arguments.of(
            "cut, not applied", new Fault.Cut(Fault.Effect.NOT_APPLIED), new Ambiguous(Doubt.CUT)),
        Arguments.of("cut in the body", new Fault.CutMidBody(), new Ambiguous(Doubt.CUT)),
        Arguments.of(
            "a body over the cap", new Fault.HugeBody(300 * 1024), new Ambiguous(Doubt.UNREADABLE)),
        Arguments.of(
            "a body without end",
            new Fault.HugeBody(Long.MAX_VALUE),
            new Ambiguous(Doubt.UNREADABLE)),
        Arguments.of("server error", Fault.serverError(), new Ambiguous(Doubt.SERVER_ERROR)),
        Arguments.of(
            "server error, applied",
            Fault.serverError().afterEffect(),
            new Ambiguous(Doubt.SERVER_ERROR)),
        Arguments.of("unavailable", Fault.unavailable(), new Unreachable(Obstacle.UNAVAILABLE)),
        Arguments.of(
            "throttled",
            Fault.throttled(Duration.ofSeconds(17)),
            new Throttled(Duration.ofSeconds(17))),
        Arguments.of(
            "client refused", Fault.invalidClient(), new Rejected(Rejection.INVALID_CLIENT)),
        Arguments.of(
            "grant refused",
            Fault.invalidGrant("canary-description"),
            new Rejected(Rejection.INVALID_GRANT)),
        Arguments.of(
            "broken JSON",
            new Fault.Answer(
                Fault.Effect.APPLIED,
                200,
                Map.of("Content-Type", "application/json"),
                "{\"access_token\":\"canary-broken"),
            new Ambiguous(Doubt.UNREADABLE)),
        Arguments.of(
            "a member twice",
            new Fault.Answer(
                Fault.Effect.APPLIED,
                200,
                Map.of("Content-Type", "application/json"),
                "{\"access_token\":\"canary-one\",\"access_token\":\"canary-two\"}"),
            new Ambiguous(Doubt.UNREADABLE)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  @Requirement("G-6")
  void eachFaultIsOneRequestAndOneReplyAndNothingOfItIsLogged(
      String name, Fault fault, TokenReply expected) {
    provider.server().faults().next(fault);

    try (LogCapture log = new LogCapture()) {
      assertThat(request()).isEqualTo(expected);
      assertThat(log.text()).doesNotContain("canary");
    }

    assertThat(provider.server().ledger().requests()).hasSize(1);
  }

  @Test
  void aSuccessLogsNothingSecretEither() {
    try (LogCapture log = new LogCapture()) {
      assertThat(request()).isInstanceOf(TokenReply.Granted.class);
      assertThat(log.text()).doesNotContain("canary");
    }
  }

  @Test
  void aThrottledUntilADateIsThrottledForTheTimeUntilThen() {
    provider.server().faults().next(Fault.throttledUntil(Instant.now().plusSeconds(60)));

    TokenReply reply = request();

    assertThat(reply).isInstanceOf(Throttled.class);
    assertThat(((Throttled) reply).retryAfter())
        .isCloseTo(Duration.ofSeconds(60), Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @Requirement("C3")
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void credentialsNeverFollowARedirect(int status) {
    try (StrictProvider elsewhere = StrictProvider.start(StrictOptions.strict())) {
      provider
          .server()
          .faults()
          .next(
              new Fault.Answer(
                  Fault.Effect.NOT_APPLIED,
                  status,
                  Map.of("Location", elsewhere.server().tokenEndpoint().toString()),
                  ""));

      assertThat(request()).isEqualTo(new Rejected(Rejection.OTHER));
      assertThat(elsewhere.server().ledger().requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.Effect.class)
  void aProviderThatHangsIsAmbiguousAtTheLimit(Fault.Effect effect) {
    provider.server().faults().next(new Fault.Hang(effect));

    long begun = System.nanoTime();
    TokenReply reply = request();

    assertThat(reply).isEqualTo(new Ambiguous(Doubt.TIMEOUT));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(LIMIT, LIMIT.multipliedBy(2));
    assertThat(provider.server().ledger().requests()).hasSize(1);
  }

  @Test
  void aBodyThatTricklesEndsAtTheLimitAndItsConnectionIsFreed() {
    try (RawServer server = RawServer.trickling()) {
      client = Callers.withSecret(Callers.profile(server.uri()).profile());

      long begun = System.nanoTime();
      assertThat(request()).isEqualTo(new Ambiguous(Doubt.TIMEOUT));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT.multipliedBy(2));

      Awaitility.await()
          .atMost(LIMIT.multipliedBy(4))
          .untilAsserted(() -> assertThat(server.open()).isZero());
    }
  }

  @Test
  void aBodyWithoutEndIsNotReadOn() {
    provider.server().faults().next(new Fault.HugeBody(Long.MAX_VALUE));

    assertThat(request()).isEqualTo(new Ambiguous(Doubt.UNREADABLE));

    Awaitility.await()
        .atMost(LIMIT.multipliedBy(4))
        .untilAsserted(() -> assertThat(provider.server().ledger().open()).isEmpty());
  }

  @Test
  void nothingOfWhatBreaksHttpIsLogged() {
    try (RawServer server = RawServer.answering("canary-no-http\r\ncanary\r\n\r\n");
        LogCapture log = new LogCapture()) {
      client = Callers.withSecret(Callers.profile(server.uri()).profile());

      assertThat(request()).isEqualTo(new Ambiguous(Doubt.CUT));
      assertThat(log.text()).doesNotContain("canary");
    }
  }

  @Test
  void eachRequestHasAConnectionOfItsOwn() {
    String answer = "{\"access_token\":\"at\"}";
    try (RawServer server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + answer.length()
                + "\r\n\r\n"
                + answer)) {
      client = Callers.withSecret(Callers.profile(server.uri()).profile());

      assertThat(request()).isInstanceOf(TokenReply.Granted.class);
      assertThat(request()).isInstanceOf(TokenReply.Granted.class);

      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void aPortThatNobodyListensOnIsUnreachable() {
    client =
        Callers.withSecret(
            Callers.profile(URI.create("http://127.0.0.1:" + Ports.free())).profile());

    assertThat(request()).isEqualTo(new Unreachable(Obstacle.CONNECT));
  }

  @Test
  void aNameWithoutAddressIsUnreachable() {
    client =
        Callers.withSecret(Callers.profile(URI.create("http://no-such-host.invalid:1")).profile());

    assertThat(request()).isEqualTo(new Unreachable(Obstacle.CONNECT));
  }

  @Test
  void aRevocationThatCannotBeMadeIsForLater() {
    provider.outage();

    assertThat(revoke()).isEqualTo(new RevokeReply.Later(Duration.ofSeconds(30)));
  }

  @Test
  void aRevocationByAClientThatIsRefusedIsForLater() {
    client = Callers.withSecret(Callers.profile(provider).profile());
    provider.server().register(OAuthClient.of(Callers.ID, new OAuthClient.SecretPost("another")));

    assertThat(revoke()).isInstanceOf(RevokeReply.Later.class);
  }

  private RevokeReply revoke() {
    return endpoint
        .revoke(
            client,
            new Revocation(Secret.of("canary-revoked"), TokenKind.REFRESH_TOKEN, Optional.empty()))
        .await()
        .atMost(LIMIT.multipliedBy(3));
  }

  private TokenReply request() {
    return endpoint.request(client, ASK).await().atMost(LIMIT.multipliedBy(3));
  }
}
