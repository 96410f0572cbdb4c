package org.tokenbroker.provider.rest;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.OpenBao;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.UserCache;

/** The broker with a real PostgreSQL and OpenBao, a mounted catalogue, and no sweep. */
public final class ManagementOnly implements QuarkusTestProfile {
  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Surroundings.class));
  }

  /** What the broker needs in order to start. */
  public static final class Surroundings implements QuarkusTestResourceLifecycleManager {
    private final OpenBao bao = OpenBao.dev();
    private final Path catalogue = newFolder();

    @Override
    public Map<String, String> start() {
      Certificates certificates = Certificates.shared();
      Certificates.Identity server = certificates.server();
      Postgres.Database database = Postgres.shared().freshDatabase();
      return Map.ofEntries(
          Map.entry("quarkus.http.test-port", "0"),
          Map.entry("quarkus.http.test-ssl-port", "0"),
          Map.entry("quarkus.management.test-port", "0"),
          Map.entry("quarkus.vault.url", bao.address().toString()),
          Map.entry("quarkus.vault.authentication.client-token", bao.rootToken()),
          Map.entry("quarkus.datasource.reactive.url", database.reactiveUrl()),
          Map.entry("quarkus.datasource.jdbc.url", database.jdbcUrl()),
          Map.entry("quarkus.datasource.username", database.username()),
          Map.entry("quarkus.datasource.password", database.password()),
          Map.entry(
              "quarkus.tls.server.key-store.pem.0.cert", server.files().certificate().toString()),
          Map.entry("quarkus.tls.server.key-store.pem.0.key", server.files().key().toString()),
          Map.entry("quarkus.tls.server.trust-store.pem.certs", certificates.caFile().toString()),
          Map.entry("quarkus.tls.trusting.trust-store.pem.certs", certificates.caFile().toString()),
          Map.entry(
              "quarkus.tls.acme-client.key-store.pem.0.cert",
              server.files().certificate().toString()),
          Map.entry("quarkus.tls.acme-client.key-store.pem.0.key", server.files().key().toString()),
          Map.entry("token-broker.identity.trust-domains", Certificates.TRUST_DOMAIN),
          Map.entry("token-broker.operators", Certificates.OPERATOR),
          Map.entry("token-broker.consent.public-url", "https://consent.example"),
          Map.entry("token-broker.catalog.directory", catalogue.toString()));
    }

    @Override
    public void stop() {
      bao.close();
      try {
        UserCache.delete(catalogue);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot clean up " + catalogue, e);
      }
    }

    private static Path newFolder() {
      try {
        return Files.createTempDirectory("catalogue-");
      } catch (IOException e) {
        throw new UncheckedIOException("no temporary folder for the catalogue", e);
      }
    }
  }
}
