package org.tokenbroker.platform.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.KeyStores;

/**
 * {@code token_broker_tls_certificate_expiration_timestamp_seconds}: when the first certificate of
 * a role ends, in seconds since 1970. Roles are {@code server} (what 8443 presents) and {@code
 * client_ca} (whom it trusts). Read anew at each scrape, so it follows a rotation; not a number
 * where the role has no certificate.
 */
@ApplicationScoped
public class CertificateExpiry {
  private static final String BUCKET = "server";

  private final TlsConfigurationRegistry tls;

  CertificateExpiry(TlsConfigurationRegistry tls) {
    this.tls = tls;
  }

  void register(@Observes StartupEvent started, MeterRegistry registry) {
    register(registry, "server", TlsConfiguration::getKeyStore);
    register(registry, "client_ca", TlsConfiguration::getTrustStore);
  }

  private void register(
      MeterRegistry registry, String role, Function<TlsConfiguration, @Nullable KeyStore> store) {
    Gauge.builder("token_broker_tls_certificate_expiration_timestamp_seconds", () -> seconds(store))
        .description("When the first certificate of the role ends, in seconds since 1970.")
        .tag("role", role)
        .register(registry);
  }

  private double seconds(Function<TlsConfiguration, @Nullable KeyStore> store) {
    return tls.get(BUCKET)
        .flatMap(bucket -> Optional.ofNullable(store.apply(bucket)))
        .flatMap(CertificateExpiry::earliestEnd)
        .map(end -> (double) end.getEpochSecond())
        .orElse(Double.NaN);
  }

  static Optional<Instant> earliestEnd(KeyStore store) {
    return KeyStores.certificates(store).stream()
        .filter(X509Certificate.class::isInstance)
        .map(certificate -> ((X509Certificate) certificate).getNotAfter().toInstant())
        .min(Instant::compareTo);
  }
}
