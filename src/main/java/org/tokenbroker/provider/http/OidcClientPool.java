package org.tokenbroker.provider.http;

import io.quarkus.oidc.client.OidcClients;
import io.quarkus.oidc.client.runtime.OidcClientConfig;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.ProviderConfig;
import org.tokenbroker.token.RegistrationId;

/**
 * One client of OIDC Client for each registration and grant, replaced when the registration, its
 * profile or our TLS material changes.
 */
@ApplicationScoped
public class OidcClientPool {
  /**
   * Name of the TLS configuration ({@code quarkus.tls.provider.*}) for calls to providers, where it
   * is configured.
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

  private record Key(RegistrationId registration, GrantType grant) {}

  /**
   * @param version of the registration that the client was made for
   * @param profile as it was then
   */
  private record Entry(long version, Profile profile, PooledClient client) {
    boolean fits(ProviderClient wanted) {
      return version == wanted.registration().version() && profile.equals(wanted.profile());
    }
  }

  /** Absent where a secret that the client needs is missing. */
  Optional<PooledClient> client(ProviderClient wanted, GrantType grant) {
    Key key = new Key(wanted.registration().id(), grant);
    Entry present = entries.get(key);
    if (present != null && present.fits(wanted)) {
      return Optional.of(present.client());
    }
    return settings(wanted, grant).map(settings -> replace(key, wanted, settings));
  }

  private Optional<OidcClientConfig> settings(ProviderClient wanted, GrantType grant) {
    return OidcClientSettings.of(
        wanted,
        grant,
        tls.get(TLS_CONFIGURATION).map(configured -> TLS_CONFIGURATION),
        config.connectTimeout());
  }

  private PooledClient replace(Key key, ProviderClient wanted, OidcClientConfig settings) {
    Entry made =
        new Entry(
            wanted.registration().version(),
            wanted.profile(),
            new PooledClient(clients.newClient(settings)));
    Entry before = entries.put(key, made);
    if (before != null) {
      before.client().retire();
    }
    return made.client();
  }

  void certificatesChanged(@Observes CertificateUpdatedEvent event) {
    if (event.name().equals(TLS_CONFIGURATION)) {
      retireAll();
    }
  }

  @PreDestroy
  void retireAll() {
    for (Key key : List.copyOf(entries.keySet())) {
      Entry entry = entries.remove(key);
      if (entry != null) {
        entry.client().retire();
      }
    }
  }
}
