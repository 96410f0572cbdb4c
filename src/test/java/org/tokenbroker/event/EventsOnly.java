package org.tokenbroker.event;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;

/** The broker with its real doors and PostgreSQL, a safe in memory, and webhooks on loopback. */
public class EventsOnly implements QuarkusTestProfile {
  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(SafeInMemory.class);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    Postgres.Database database = Postgres.shared().freshDatabase();
    Certificates certificates = Certificates.shared();
    Certificates.Identity server = certificates.server();
    String ca = certificates.caFile().toString();
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.datasource.reactive.url", database.reactiveUrl());
    settings.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
    settings.put("quarkus.datasource.username", database.username());
    settings.put("quarkus.datasource.password", database.password());
    settings.put("quarkus.http.test-port", "0");
    settings.put("quarkus.http.test-ssl-port", "0");
    settings.put("quarkus.management.test-port", "0");
    settings.put(
        "quarkus.tls.server.key-store.pem.server.cert", server.files().certificate().toString());
    settings.put("quarkus.tls.server.key-store.pem.server.key", server.files().key().toString());
    settings.put("quarkus.tls.server.trust-store.pem.certs", ca);
    settings.put("quarkus.tls.webhook.trust-store.pem.certs", ca);
    settings.put("token-broker.identity.trust-domains", Certificates.TRUST_DOMAIN);
    settings.put("token-broker.operators", Certificates.OPERATOR);
    settings.put("token-broker.consent.public-url", "https://consent.example");
    settings.put("token-broker.event.dispatch-every", "100ms");
    settings.put("token-broker.event.allowed-networks", "127.0.0.1/32");
    settings.put("quarkus.vault.url", "http://127.0.0.1:1");
    settings.put("quarkus.vault.authentication.client-token", "nobody-is-there");
    return settings;
  }

  /** Shared by all tests of the application. */
  @Alternative
  @ApplicationScoped
  public static class SafeInMemory implements SecretSafe {
    private final MemorySafe safe = new MemorySafe();

    @Override
    public Uni<SafeRead> read(SafePath path) {
      return safe.read(path);
    }

    @Override
    public Uni<SafeWrite> write(SafePath path, SafeDocument document, SafeVersion expected) {
      return safe.write(path, document, expected);
    }

    @Override
    public Uni<SafeDestroy> destroy(SafePath path) {
      return safe.destroy(path);
    }

    @Override
    public Uni<SafeDestroy> destroyBefore(SafePath path, SafeVersion version) {
      return safe.destroyBefore(path, version);
    }
  }
}
