package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Ports;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.Discoveries;
import org.tokenbroker.provider.Metadata;
import org.tokenbroker.provider.MetadataSource;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.TokenAnswer;
import org.tokenbroker.provider.TokenAnswer.Body;

/** Issuers that lie, over real sockets. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class MetadataSourceTest {
  private static final Duration LIMIT = Duration.ofMillis(CallsToProviders.TIMEOUT_MILLIS);

  @Inject MetadataSource source;
  @Inject Discoveries discoveries;

  @Test
  @Requirement("C20")
  void aDocumentIsFetchedByOnePlainGet() {
    try (RawServer server = answering("200 OK", "{\"issuer\": \"x\"}")) {
      TokenAnswer answer = fetch(server.uri()).orElseThrow();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(new Body.Complete("{\"issuer\": \"x\"}"));
      assertThat(server.heads())
          .singleElement()
          .asString()
          .startsWith("GET /.well-known/x HTTP/1.1\r\n")
          .doesNotContainIgnoringCase("authorization");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  @Requirement("C20")
  void noRedirectIsFollowed(int status) {
    try (RawServer elsewhere = answering("200 OK", "{}");
        RawServer server =
            RawServer.answering(
                "HTTP/1.1 %s Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                    .formatted(status, elsewhere.uri()))) {
      assertThat(fetch(server.uri()).orElseThrow().status()).isEqualTo(status);
      assertThat(elsewhere.accepted()).isZero();
    }
  }

  @Test
  @Requirement("C20")
  void aHugeDocumentIsNotReadOn() {
    try (RawServer server = answering("200 OK", "{\"x\": \"" + "x".repeat(1 << 20) + "\"}")) {
      assertThat(fetch(server.uri()).orElseThrow().body()).isEqualTo(new Body.TooLarge());
    }
  }

  @Test
  @Requirement("C20")
  void aDocumentMayHaveAMebibyte() {
    String document = "{\"x\": [" + "\"y\", ".repeat(200_000) + "\"z\"]}";
    try (RawServer server = answering("200 OK", document)) {
      assertThat(document.length()).isBetween(900_000, MetadataSource.BODY_LIMIT);
      assertThat(fetch(server.uri()).orElseThrow().body()).isEqualTo(new Body.Complete(document));
    }
  }

  @Test
  @Requirement("C20")
  void anIssuerThatTricklesEndsAtTheLimit() {
    try (RawServer server = RawServer.trickling()) {
      long begun = System.nanoTime();

      fetch(server.uri());

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT.multipliedBy(2));
    }
  }

  @Test
  void anIssuerThatIsAwayGivesNoAnswer() {
    assertThat(fetch(URI.create("http://127.0.0.1:" + Ports.free()))).isEmpty();
  }

  @Test
  @Requirement("C20")
  void whatAnIssuerPublishesOverHttpIsNotBelievedWhereHttpsIsWanted() {
    String document = "{\"issuer\": \"%s\", \"token_endpoint\": \"http://127.0.0.1/token\"}";
    try (RawServer server = answering("200 OK", document)) {
      Profile profile = Callers.profile(server.uri()).profile();

      Optional<Metadata> found =
          discoveries.find(profile, server.uri().toString()).await().atMost(LIMIT.multipliedBy(3));

      assertThat(found).isEmpty();
      assertThat(server.heads()).isNotEmpty();
    }
  }

  private Optional<TokenAnswer> fetch(URI base) {
    return source
        .fetch(Callers.profile(base).profile(), base.resolve("/.well-known/x"))
        .await()
        .atMost(LIMIT.multipliedBy(3));
  }

  private static RawServer answering(String status, String body) {
    return RawServer.answering(
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n%s"
            .formatted(status, body.length(), body));
  }
}
