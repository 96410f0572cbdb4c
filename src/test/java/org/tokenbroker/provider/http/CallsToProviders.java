package org.tokenbroker.provider.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Ports;
import org.tokenbroker.fixture.Postgres;

/**
 * The broker with short time limits towards providers, and every log line of OIDC Client asked for.
 */
public class CallsToProviders implements QuarkusTestProfile {
  static final int TIMEOUT_MILLIS = 5000;

  /** Subject of the certificate that TLS configuration {@code acme-client} shows. */
  static final String CLIENT = "our-client";

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Surroundings.class));
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "token-broker.provider.allowed-networks", "127.0.0.0/8",
        "token-broker.provider.timeout", TIMEOUT_MILLIS + "ms",
        "token-broker.provider.connect-timeout", "2s",
        "token-broker.provider.breaker-delay", "1s",
        "quarkus.log.category.\"io.quarkus.oidc\".level", "TRACE",
        "quarkus.log.category.\"io.quarkus.oidc.client.runtime.OidcClientImpl\".level", "TRACE",
        "quarkus.log.category.\"io.vertx\".level", "DEBUG");
  }

  /** What the broker needs in order to start. */
  public static final class Surroundings implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      Certificates certificates = Certificates.shared();
      Certificates.Identity server = certificates.server();
      Certificates.Identity client = certificates.subjectOnly(CLIENT);
      Postgres.Database database = Postgres.shared().freshDatabase();
      return Map.ofEntries(
          Map.entry("quarkus.http.test-port", "0"),
          Map.entry("quarkus.scheduler.enabled", "false"),
          Map.entry("quarkus.vault.url", "http://127.0.0.1:" + Ports.free()),
          Map.entry("quarkus.vault.authentication.client-token", "nobody-listens"),
          Map.entry("quarkus.http.test-ssl-port", "0"),
          Map.entry("quarkus.management.test-port", "0"),
          Map.entry("quarkus.datasource.reactive.url", database.reactiveUrl()),
          Map.entry("quarkus.datasource.jdbc.url", database.jdbcUrl()),
          Map.entry("quarkus.datasource.username", database.username()),
          Map.entry("quarkus.datasource.password", database.password()),
          Map.entry(
              "quarkus.tls.server.key-store.pem.0.cert", server.files().certificate().toString()),
          Map.entry("quarkus.tls.server.key-store.pem.0.key", server.files().key().toString()),
          Map.entry("quarkus.tls.server.trust-store.pem.certs", certificates.caFile().toString()),
          Map.entry("quarkus.tls.provider.trust-store.pem.certs", certificates.caFile().toString()),
          Map.entry("quarkus.tls.provider.protocols", "TLSv1.3,TLSv1.2"),
          Map.entry(
              "quarkus.tls.acme-client.key-store.pem.0.cert",
              client.files().certificate().toString()),
          Map.entry("quarkus.tls.acme-client.key-store.pem.0.key", client.files().key().toString()),
          Map.entry(
              "quarkus.tls.acme-client.trust-store.pem.certs", certificates.caFile().toString()));
    }

    @Override
    public void stop() {
      // Database and certificates are shared by the tests of this JVM and end with it.
    }
  }
}
