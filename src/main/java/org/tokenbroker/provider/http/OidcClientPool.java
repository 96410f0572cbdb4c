package org.tokenbroker.provider.http;

import io.quarkus.oidc.client.OidcClients;
import io.quarkus.oidc.client.runtime.OidcClientConfig;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.ProviderConfig;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.Site;
import org.tokenbroker.token.RegistrationId;

/**
 * One client of OIDC Client for each registration and purpose, replaced when the registration, its
 * profile or our TLS material changes.
 */
@ApplicationScoped
public class OidcClientPool {
  /**
   * Name of the TLS configuration ({@code quarkus.tls.provider.*}) for calls to providers, where it
   * is configured and the registration names no other.
   */
  static final String TLS_CONFIGURATION = "provider";

  private final OidcClients clients;
  private final TlsConfigurationRegistry tls;
  private final ProviderConfig config;
  private final ConcurrentMap<Key, Entry> entries = new ConcurrentHashMap<>();

  OidcClientPool(OidcClients clients, TlsConfigurationRegistry tls, ProviderConfig config) {
    this.clients = clients;
    this.tls = tls;
    this.config = config;
  }

  private record Key(RegistrationId registration, Purpose purpose) {}

  /**
   * @param version of the registration that the client was made for
   * @param profile as it was then
   * @param site as it was then
   * @param tls name of its TLS configuration
   */
  private record Entry(long version, Profile profile, Site site, String tls, PooledClient client) {
    boolean fits(ProviderClient wanted) {
      return version == wanted.registration().version()
          && profile.equals(wanted.profile())
          && site.equals(wanted.site());
    }
  }

  /** Absent where a secret or a TLS configuration that the client needs is missing. */
  Optional<PooledClient> client(ProviderClient wanted, Purpose purpose) {
    Key key = new Key(wanted.registration().id(), purpose);
    Entry present = entries.get(key);
    if (present != null && present.fits(wanted)) {
      return Optional.of(present.client());
    }
    String tlsName = tlsName(wanted.registration());
    boolean isKnown = tls.get(tlsName).isPresent();
    if (!isKnown && wanted.registration().particulars().tlsConfiguration().isPresent()) {
      return Optional.empty();
    }
    return OidcClientSettings.of(
            wanted,
            purpose,
            isKnown ? Optional.of(tlsName) : Optional.empty(),
            config.connectTimeout())
        .map(settings -> replace(key, wanted, tlsName, settings));
  }

  private static String tlsName(Registration registration) {
    return registration.particulars().tlsConfiguration().orElse(TLS_CONFIGURATION);
  }

  private PooledClient replace(
      Key key, ProviderClient wanted, String tlsName, OidcClientConfig settings) {
    Entry made =
        new Entry(
            wanted.registration().version(),
            wanted.profile(),
            wanted.site(),
            tlsName,
            new PooledClient(clients.newClient(settings)));
    Entry before = entries.put(key, made);
    if (before != null) {
      before.client().retire();
    }
    return made.client();
  }

  void certificatesChanged(@Observes CertificateUpdatedEvent event) {
    retire(entry -> entry.tls().equals(event.name()));
  }

  @PreDestroy
  void retireAll() {
    retire(entry -> true);
  }

  private void retire(Predicate<Entry> which) {
    entries.forEach(
        (key, entry) -> {
          if (which.test(entry) && entries.remove(key, entry)) {
            entry.client().retire();
          }
        });
  }
}
