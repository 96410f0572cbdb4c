package org.tokenbroker.provider.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.oidc.client.OidcClients;
import io.quarkus.oidc.client.runtime.OidcClientConfig;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
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
   * So many clients live at a time, however many registrations there are: each holds an HTTP client
   * of its own, and making one costs less than a call.
   */
  static final int MOST = 128;

  /**
   * Name of the TLS configuration ({@code quarkus.tls.provider.*}) for calls to providers, where it
   * is configured and the registration names no other.
   */
  static final String TLS_CONFIGURATION = "provider";

  private final OidcClients clients;
  private final TlsConfigurationRegistry tls;
  private final ProviderConfig config;

  /** In the order of their latest use; only ever touched under its own lock. */
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  OidcClientPool(
      OidcClients clients,
      TlsConfigurationRegistry tls,
      ProviderConfig config,
      MeterRegistry metrics) {
    this.clients = clients;
    this.tls = tls;
    this.config = config;
    Gauge.builder("token_broker_provider_clients", this, OidcClientPool::size)
        .description("HTTP clients for registrations that were used lately")
        .register(metrics);
  }

  /**
   * @param place where connections of one registration are at different ones
   */
  private record Key(RegistrationId registration, Purpose purpose, Optional<Site> place) {
    static Key of(ProviderClient client, Purpose purpose) {
      boolean many = !client.profile().callback().variables().isEmpty();
      return new Key(
          client.registration().id(), purpose, Optional.of(client.site()).filter(site -> many));
    }
  }

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
    Key key = Key.of(wanted, purpose);
    Entry present = find(key);
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
    put(key, made).forEach(former -> former.client().retire());
    return made.client();
  }

  /** How many live. */
  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  private @Nullable Entry find(Key key) {
    synchronized (entries) {
      return entries.get(key);
    }
  }

  /**
   * What had to give way: the former one of that key, and the one that was not used the longest.
   */
  private List<Entry> put(Key key, Entry made) {
    List<Entry> former = new ArrayList<>();
    synchronized (entries) {
      Optional.ofNullable(entries.put(key, made)).ifPresent(former::add);
      if (entries.size() > MOST) {
        Iterator<Entry> oldest = entries.values().iterator();
        former.add(oldest.next());
        oldest.remove();
      }
    }
    return former;
  }

  void certificatesChanged(@Observes CertificateUpdatedEvent event) {
    retire(entry -> entry.tls().equals(event.name()));
  }

  @PreDestroy
  void retireAll() {
    retire(entry -> true);
  }

  private void retire(Predicate<Entry> which) {
    List<Entry> retired;
    synchronized (entries) {
      retired = entries.values().stream().filter(which).toList();
      entries.values().removeAll(retired);
    }
    retired.forEach(entry -> entry.client().retire());
  }
}
