package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Ports;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Facts;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.PostConnectReply.Learned;
import org.tokenbroker.provider.PostConnectReply.Refused;
import org.tokenbroker.provider.PostConnectReply.Throttled;
import org.tokenbroker.provider.PostConnectReply.Unavailable;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.ProviderApi;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.Secret;

@QuarkusTest
@TestProfile(CallsToProviders.class)
class ProviderApiTest {
  private static final Duration LIMIT = Duration.ofMillis(CallsToProviders.TIMEOUT_MILLIS);
  private static final Secret TOKEN = Secret.of("canary-access-token");
  private static final Facts FACTS =
      new Facts(Optional.of("acc-1"), Map.of("account", "acc-1"), Optional.empty(), false);

  @Inject ProviderApi api;

  @Test
  @Requirement({"BE-9", "BE-17", "C8"})
  void theTokenGoesIntoTheHeaderOnceAndTheAnswerIsRead() {
    try (RawServer server = json("{\"id\": \"acc-1\"}");
        LogCapture log = new LogCapture()) {
      assertThat(learn(client(server.uri(), "{}"))).isEqualTo(new Learned(FACTS));

      assertThat(lines(server))
          .startsWith("GET /me?include=all HTTP/1.1")
          .contains(
              "Authorization: Bearer canary-access-token", "accept: application/vnd.api+json");
      assertThat(headers(server)).doesNotContain("content-length", "transfer-encoding");
      assertThat(log.text()).doesNotContain("canary");
    }
  }

  @Test
  @Requirement("MK-1")
  void headerAndSchemeAreTheProfiles() {
    try (RawServer server = json("{\"id\": \"acc-1\"}")) {
      learn(client(server.uri(), "{header: Authentication, scheme: Token}"));
      learn(client(server.uri(), "{header: X-Access-Token, scheme: ''}"));

      assertThat(lines(server)).contains("Authentication: Token canary-access-token");
      assertThat(server.heads().getLast()).contains("X-Access-Token: canary-access-token\r\n");
      assertThat(headers(server)).doesNotContain("authorization");
    }
  }

  @Test
  @Requirement("X-5")
  void anApiThatKnowsNothingBetterGetsTheTokenInTheQuery() {
    try (RawServer server = json("{\"id\": \"acc-1\"}");
        LogCapture log = new LogCapture()) {
      assertThat(learn(client(server.uri(), "{placement: query, parameter: auth}")))
          .isEqualTo(new Learned(FACTS));

      assertThat(lines(server)).startsWith("GET /me?include=all&auth=canary-access-token HTTP/1.1");
      assertThat(headers(server)).doesNotContain("authorization");
      assertThat(log.text()).doesNotContain("canary");
    }
  }

  @Test
  @Requirement("BE-17")
  void headerNamesOfTheAnswerCompareWithoutCase() {
    String body = "{\"id\": \"acc-1\"}";
    try (RawServer server =
        RawServer.answering(
            "HTTP/1.1 200 OK\r\nCONTENT-TYPE: application/vnd.api+json\r\ncontent-LENGTH: "
                + body.length()
                + "\r\n\r\n"
                + body)) {
      assertThat(learn(client(server.uri(), "{}"))).isEqualTo(new Learned(FACTS));
    }
  }

  @Test
  void aProfileThatAsksForNothingIsAskedNothing() {
    try (RawServer server = json("{}")) {
      ProviderClient client = Callers.withSecret(Callers.profile(server.uri()).profile());

      assertThat(learn(client)).isEqualTo(new Learned(Facts.NONE));
      assertThat(server.accepted()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  @Requirement("C8")
  void theTokenNeverFollowsARedirect(int status) {
    try (RawServer elsewhere = json("{\"id\": \"acc-1\"}");
        RawServer server =
            RawServer.answering(
                "HTTP/1.1 %s Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(status, elsewhere.uri()))) {
      assertThat(learn(client(server.uri(), "{}"))).isEqualTo(new Unavailable(Hindrance.STATUS));
      assertThat(elsewhere.accepted()).isZero();
      assertThat(server.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aTokenThatTheApiDoesNotAcceptIsRefused() {
    try (RawServer server =
        RawServer.answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(learn(client(server.uri(), "{}"))).isEqualTo(new Refused());
    }
  }

  @Test
  @Requirement({"G-6", "BE-9"})
  void troubleOfTheApiIsTheCallersAlone() {
    try (RawServer server =
        RawServer.answering(
            "HTTP/1.1 429 Too Many\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n")) {
      ProviderClient client = client(server.uri(), "{}");

      for (int call = 0; call < 12; call++) {
        assertThat(learn(client)).isEqualTo(new Throttled(Duration.ofSeconds(600)));
      }
      assertThat(server.accepted()).isEqualTo(12);
    }
  }

  @Test
  void aPortThatNobodyListensOnIsUnreachable() {
    assertThat(learn(client(URI.create("http://127.0.0.1:" + Ports.free()), "{}")))
        .isEqualTo(new Unavailable(Hindrance.UNREACHABLE));
  }

  @Test
  void anApiThatTricklesHasNotAnsweredAtTheLimitAndItsConnectionIsFreed() {
    try (RawServer server = RawServer.trickling()) {
      long begun = System.nanoTime();

      assertThat(learn(client(server.uri(), "{}"))).isEqualTo(new Unavailable(Hindrance.NO_ANSWER));

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT.multipliedBy(2));
      Awaitility.await()
          .atMost(LIMIT.multipliedBy(4))
          .untilAsserted(() -> assertThat(server.open()).isZero());
    }
  }

  @Test
  void aBodyOverTheCapIsNotReadOn() {
    try (RawServer server = json("{\"id\": \"" + "x".repeat(300 * 1024) + "\"}")) {
      assertThat(learn(client(server.uri(), "{}")))
          .isEqualTo(new Unavailable(Hindrance.UNREADABLE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 500})
  @Requirement("BE-9")
  void whatIsRefusedWithOptionalParametersIsFetchedOnceMoreWithout(int status) throws IOException {
    try (Api server = new Api(status)) {
      assertThat(learn(optionally(server.uri()))).isEqualTo(new Learned(FACTS));

      assertThat(server.asked()).containsExactly("all=1&include=more%20of%20it", "all=1");
    }
  }

  @Test
  @Requirement("BE-9")
  void optionalParametersAreSentWhereTheyAreAllowed() throws IOException {
    try (Api server = new Api(200)) {
      assertThat(learn(optionally(server.uri()))).isEqualTo(new Learned(FACTS));

      assertThat(server.asked()).containsExactly("all=1&include=more%20of%20it");
    }
  }

  @Test
  @Requirement("G-6")
  void aProviderThatAsksForAPauseIsNotAskedOnceMoreWithout() throws IOException {
    try (Api server = new Api(429)) {
      assertThat(learn(optionally(server.uri()))).isInstanceOf(Throttled.class);

      assertThat(server.asked()).hasSize(1);
    }
  }

  /** Answers what names {@code include} with a status of the test's. */
  private static final class Api implements AutoCloseable {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    Api(int status) throws IOException {
      byte[] body = "{\"id\": \"acc-1\"}".getBytes(StandardCharsets.US_ASCII);
      server.createContext(
          "/",
          exchange -> {
            String query = exchange.getRequestURI().getRawQuery();
            asked.add(query);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(query.contains("include") ? status : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> asked() {
      return asked;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  private static ProviderClient optionally(URI base) {
    return Callers.withSecret(
        Callers.profile(base)
            .with(
                "post_connect",
                "{url: '%s', optional_parameters: {include: 'more of it'}, identity: id, metadata: {account: id}}"
                    .formatted(base.resolve("/me?all=1")))
            .profile());
  }

  private PostConnectReply learn(ProviderClient client) {
    return api.learn(client, TOKEN).await().atMost(LIMIT.multipliedBy(3));
  }

  private static ProviderClient client(URI base, String resource) {
    ProfileFixture profile =
        Callers.profile(base)
            .with("resource", resource)
            .with(
                "post_connect",
                "{url: '%s', accept: application/vnd.api+json, identity: id, metadata: {account: id}}"
                    .formatted(base.resolve("/me?include=all")));
    return Callers.withSecret(profile.profile());
  }

  private static RawServer json(String body) {
    return RawServer.answering(
        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.api+json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private static List<String> lines(RawServer server) {
    return List.of(server.heads().getFirst().split("\r\n"));
  }

  private static List<String> headers(RawServer server) {
    return lines(server).stream()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
        .toList();
  }
}
