package org.tokenbroker.platform.startup;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tokenbroker.platform.startup.Setting.Origin;

/**
 * Settings that a test writes down; every file exists but those named {@code /absent/…}. Immutable.
 */
public final class GivenSettings implements Settings {
  private final Map<String, Setting> settings;

  private GivenSettings(Map<String, Setting> settings) {
    this.settings = new TreeMap<>(settings);
  }

  /** What a production replica needs, no more: all checks hold. */
  public static GivenSettings complete() {
    return of(
        Map.ofEntries(
            Map.entry("quarkus.http.ssl.client-auth", "required"),
            Map.entry("quarkus.http.tls-configuration-name", "server"),
            Map.entry("quarkus.tls.server.protocols", "TLSv1.3"),
            Map.entry("quarkus.tls.server.key-store.pem.server.cert", "/tls/tls.crt"),
            Map.entry("quarkus.tls.server.key-store.pem.server.key", "/tls/tls.key"),
            Map.entry("quarkus.tls.server.trust-store.pem.certs", "/tls/ca.crt"),
            Map.entry("quarkus.datasource.reactive.url", "postgresql://db.example.org:5432/broker"),
            Map.entry("quarkus.datasource.username", "broker"),
            Map.entry("quarkus.vault.url", "https://vault.example.org:8200"),
            Map.entry("quarkus.vault.authentication.kubernetes.role", "token-broker"),
            Map.entry("token-broker.consent.public-url", "https://consent.example.org"),
            Map.entry("token-broker.operators", "spiffe://example.org/ops"),
            Map.entry("token-broker.identity.trust-domains", "example.org")));
  }

  public static GivenSettings of(Map<String, String> values) {
    Map<String, Setting> settings = new HashMap<>();
    values.forEach((name, value) -> settings.put(name, new Setting(value, Origin.ENVIRONMENT)));
    return new GivenSettings(settings);
  }

  public GivenSettings with(String property, String value) {
    return with(property, value, Origin.ENVIRONMENT);
  }

  public GivenSettings with(String property, String value, Origin origin) {
    GivenSettings changed = new GivenSettings(settings);
    changed.settings.put(property, new Setting(value, origin));
    return changed;
  }

  public GivenSettings without(String property) {
    GivenSettings changed = new GivenSettings(settings);
    changed.settings.remove(property);
    return changed;
  }

  @Override
  public Optional<Setting> find(String property) {
    return Optional.ofNullable(settings.get(property));
  }

  @Override
  public Set<String> names() {
    return new TreeSet<>(settings.keySet());
  }

  @Override
  public boolean readable(String path) {
    return !path.startsWith("/absent/");
  }
}
