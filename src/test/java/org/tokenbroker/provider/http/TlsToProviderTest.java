package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.TlsContexts;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.sandbox.CertificateAuthority;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.Leaf;
import org.tokenbroker.sandbox.Leaf.Purpose;
import org.tokenbroker.token.Scopes;

/** The provider's certificate is checked: its authority, its name, its life. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class TlsToProviderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Inject TokenEndpoint endpoint;
  @Inject Vertx vertx;

  private final AtomicInteger requests = new AtomicInteger();

  /**
   * The first handshake of a JVM loads hundreds of classes on the event loop: longer, on a busy
   * machine, than a call may take.
   */
  @BeforeEach
  void warmUp() {
    request(serving(Certificates.shared().server().material()));
    requests.set(0);
  }

  @Test
  void aProviderOfATrustedAuthorityIsBelieved() {
    assertThat(request(serving(Certificates.shared().server().material())))
        .isInstanceOf(TokenReply.Granted.class);
    assertThat(requests).hasValue(1);
  }

  @Test
  void aForeignAuthorityIsRefusedBeforeAnythingIsSent() {
    CertificateAuthority foreign = CertificateAuthority.create("Foreign CA", Clock.systemUTC());

    assertThat(request(serving(foreign.issue(Leaf.loopbackServer("as")))))
        .isEqualTo(new Unreachable(Obstacle.TLS));
    assertThat(requests).hasValue(0);
  }

  @Test
  void aCertificateForAnotherNameIsRefusedBeforeAnythingIsSent() {
    Leaf other = Leaf.named("as").dns("as.example").serving(Purpose.SERVER_AUTH);

    assertThat(request(serving(Certificates.shared().authority().issue(other))))
        .isEqualTo(new Unreachable(Obstacle.TLS));
    assertThat(requests).hasValue(0);
  }

  @Test
  void anExpiredCertificateIsRefusedBeforeAnythingIsSent() {
    Instant now = Instant.now();
    Leaf expired =
        Leaf.loopbackServer("as")
            .valid(now.minus(Duration.ofHours(2)), now.minus(Duration.ofHours(1)));

    assertThat(request(serving(Certificates.shared().authority().issue(expired))))
        .isEqualTo(new Unreachable(Obstacle.TLS));
    assertThat(requests).hasValue(0);
  }

  @Test
  void aServerThatSpeaksNoTlsIsRefused() {
    try (RawServer plain = RawServer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
      URI uri = URI.create(plain.uri().toString().replace("http:", "https:"));

      assertThat(request(uri)).isInstanceOf(Unreachable.class);
    }
  }

  private URI serving(KeyMaterial material) {
    Future<HttpServer> listening =
        vertx.createHttpServer(TlsContexts.serving(material)).requestHandler(this::answer).listen();
    HttpServer server =
        Uni.createFrom().completionStage(listening.toCompletionStage()).await().atMost(PATIENCE);
    return URI.create("https://127.0.0.1:" + server.actualPort());
  }

  private void answer(HttpServerRequest request) {
    requests.incrementAndGet();
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .end("{\"access_token\":\"at\"}");
  }

  private TokenReply request(URI base) {
    return endpoint
        .request(
            Callers.withSecret(Callers.profile(base).profile()),
            new TokenRequest.ClientCredentials(Scopes.none()))
        .await()
        .atMost(PATIENCE);
  }
}
