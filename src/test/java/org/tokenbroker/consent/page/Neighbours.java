package org.tokenbroker.consent.page;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Postgres;

/**
 * The whole application on a real PostgreSQL, with scripted chapters around consent: what the
 * provider and the safe do is this test's choice.
 */
public class Neighbours implements QuarkusTestProfile {
  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(
        ScriptedNeighbours.OneClient.class,
        ScriptedNeighbours.Provider.class,
        ScriptedNeighbours.Keeper.class,
        ScriptedNeighbours.Installs.class,
        ScriptedNeighbours.Safe.class);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "quarkus.http.test-port", "0",
        "quarkus.http.test-ssl-port", "0",
        "quarkus.management.test-port", "0",
        "token-broker.consent.public-url", ScriptedNeighbours.PUBLIC_URL,
        "token-broker.consent.sweep-every", "1h",
        "token-broker.consent.forwarding-proxies", "1",
        "quarkus.devservices.enabled", "false",
        "quarkus.vault.url", "http://127.0.0.1:1",
        "quarkus.vault.authentication.client-token", "nobody-is-there");
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Stores.class));
  }

  /** PostgreSQL and the certificates that the TLS door needs to open. */
  public static final class Stores implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      Postgres.Database database = Postgres.shared().freshDatabase();
      Certificates certificates = Certificates.shared();
      Certificates.Identity server = certificates.server();
      return Map.of(
          "quarkus.datasource.reactive.url", database.reactiveUrl(),
          "quarkus.datasource.username", database.username(),
          "quarkus.datasource.password", database.password(),
          "quarkus.tls.server.key-store.pem.0.cert", server.files().certificate().toString(),
          "quarkus.tls.server.key-store.pem.0.key", server.files().key().toString(),
          "quarkus.tls.server.trust-store.pem.certs", certificates.caFile().toString());
    }

    @Override
    public void stop() {}
  }
}
