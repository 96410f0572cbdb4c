package org.tokenbroker.serve.rest;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Postgres;

/** The broker with its real doors and access rules, and {@link ScriptedEngines} behind them. */
public class ServingOnly implements QuarkusTestProfile {
  /** Requests that one consumer has before it waits. */
  static final int BURST = 40;

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(
        ScriptedEngines.class, ScriptedEngines.OneProfile.class, ScriptedEngines.NoProvider.class);
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    Postgres.Database database = Postgres.shared().freshDatabase();
    Certificates certificates = Certificates.shared();
    Certificates.Identity server = certificates.server();
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
    settings.put("quarkus.tls.server.trust-store.pem.certs", certificates.caFile().toString());
    settings.put(
        "quarkus.tls.server.certificate-revocation-list",
        certificates.nobodyIsRevoked().toString());
    settings.put("token-broker.identity.trust-domains", Certificates.TRUST_DOMAIN);
    settings.put("token-broker.operators", Certificates.OPERATOR);
    settings.put("token-broker.serve.requests-per-second", "1");
    settings.put("token-broker.serve.burst", Integer.toString(BURST));
    settings.put("token-broker.consent.public-url", "https://consent.example");
    settings.put("quarkus.vault.url", "http://127.0.0.1:1");
    settings.put("quarkus.vault.authentication.client-token", "nobody-is-there");
    return settings;
  }
}
