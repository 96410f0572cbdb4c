package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.BrokerProcess;

class StartStoryIT {
  private static final String DEV_TOKEN = "a-token-that-somebody-typed";

  @Test
  void oneRunNamesEverythingThatIsUnsafeOrMissing() {
    Map<String, String> unsafe = new HashMap<>();
    unsafe.put("token-broker.safe.embedded", "true");
    unsafe.put("quarkus.vault.url", "http://127.0.0.1:8200");
    unsafe.put("quarkus.vault.tls.skip-verify", "true");
    unsafe.put("quarkus.vault.authentication.client-token", DEV_TOKEN);
    unsafe.put("quarkus.http.ssl.client-auth", "request");
    unsafe.put("token-broker.provider.allow-plain-http", "true");
    unsafe.put("token-broker.consent.public-url", "http://consent.story.test");
    try (BrokerProcess broker = BrokerProcess.launch(unsafe)) {

      Optional<Integer> status = broker.exitWithin(Duration.ofSeconds(60));

      assertThat(status).hasValueSatisfying(code -> assertThat(code).isNotZero());
      assertThat(broker.log())
          .contains(unsafe.keySet())
          .contains(
              "quarkus.tls.server.key-store.pem.server.cert",
              "quarkus.tls.server.key-store.pem.server.key",
              "quarkus.tls.server.trust-store.pem.certs",
              "quarkus.datasource.reactive.url",
              "quarkus.datasource.username",
              "token-broker.identity.trust-domains",
              "token-broker.operators")
          .doesNotContain(DEV_TOKEN);
    }
  }
}
