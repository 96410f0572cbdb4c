package org.tokenbroker.serve.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.sandbox.Leaf;

/** How long a TLS connection stays open. */
@QuarkusTest
@TestProfile(ConnectionAgeTest.OldAtTenSeconds.class)
@Requirement("E9")
class ConnectionAgeTest {
  private static final Duration AGE = Duration.ofSeconds(10);
  private static final int TOO_LONG_MILLIS = 30_000;

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  /** As {@link ServingOnly}, with short-lived connections. */
  public static class OldAtTenSeconds extends ServingOnly {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("token-broker.door.max-connection-age", AGE.toSeconds() + "s");
      return settings;
    }
  }

  @Test
  void anIdleConnectionIsCutAtItsAge() throws IOException {
    Instant began = Clock.systemUTC().instant();

    untilItIsCut(Certificates.shared().consumer("old"));

    assertThat(Duration.between(began, Clock.systemUTC().instant()))
        .isBetween(AGE.minusMillis(100), AGE.plusSeconds(15));
  }

  @Test
  void aConnectionDoesNotOutliveItsCertificate() throws IOException {
    Instant now = Clock.systemUTC().instant();
    Certificates.Identity consumer =
        Certificates.shared()
            .client(
                "short-lived",
                Leaf.workload("short-lived", Certificates.consumerId("short-lived"))
                    .valid(now.minusSeconds(60), now.plusSeconds(5)));

    Instant answered = untilItIsCut(consumer);

    Instant cut = Clock.systemUTC().instant();
    assertThat(cut).isAfter(consumer.material().certificate().getNotAfter().toInstant());
    assertThat(Duration.between(answered, cut)).isLessThan(AGE.minusSeconds(3));
  }

  /** Asks once and reads to the end of the stream; when the answer came. */
  private Instant untilItIsCut(Certificates.Identity consumer) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            consumer.context().getSocketFactory().createSocket(door.getHost(), door.getPort())) {
      socket.setSoTimeout(TOO_LONG_MILLIS);
      socket
          .getOutputStream()
          .write(
              "GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      Instant answered = Clock.systemUTC().instant();
      in.readAllBytes();
      return answered;
    }
  }
}
