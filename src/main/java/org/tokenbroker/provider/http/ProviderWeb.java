package org.tokenbroker.provider.http;

import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.tokenbroker.provider.ProviderConfig;
import org.tokenbroker.provider.Registration;

/**
 * Web clients for what OIDC Client does not call, one for each TLS configuration in use: a
 * registration that has one of its own shows its certificate here too, since tokens may be bound to
 * it (RFC 8705 §3). Requests are carried out by an {@link Exchange}.
 */
@ApplicationScoped
public class ProviderWeb {
  private static final Duration AFTER_THE_LAST = Duration.ofSeconds(5);

  /** Guards bound what is in flight; the pool must not. */
  private static final int MOST_CONNECTIONS = 10_000;

  private final Vertx vertx;
  private final TlsConfigurationRegistry tls;
  private final ProviderConfig config;
  private final ConcurrentMap<String, WebClient> clients = new ConcurrentHashMap<>();

  ProviderWeb(Vertx vertx, TlsConfigurationRegistry tls, ProviderConfig config) {
    this.vertx = vertx;
    this.tls = tls;
    this.config = config;
  }

  /** On nobody's behalf: no registration's certificate is shown. */
  HttpRequest<Buffer> get(URI url) {
    return get(OidcClientPool.TLS_CONFIGURATION, url);
  }

  /** Absent where the TLS configuration that the registration names is missing. */
  Optional<HttpRequest<Buffer>> get(Registration registration, URI url) {
    Optional<String> own = registration.particulars().tlsConfiguration();
    return own.isPresent() && tls.get(own.get()).isEmpty()
        ? Optional.empty()
        : Optional.of(get(own.orElse(OidcClientPool.TLS_CONFIGURATION), url));
  }

  private HttpRequest<Buffer> get(String tlsName, URI url) {
    return clients.computeIfAbsent(tlsName, this::create).getAbs(url.toString());
  }

  private WebClient create(String tlsName) {
    WebClientOptions options = new WebClientOptions();
    tls.get(tlsName).ifPresent(configured -> TlsConfigUtils.configure(options, configured));
    options
        .setSsl(false)
        .setKeepAlive(false)
        .setFollowRedirects(false)
        .setUserAgentEnabled(false)
        .setMaxPoolSize(MOST_CONNECTIONS)
        .setConnectTimeout((int) config.connectTimeout().toMillis());
    return WebClient.create(vertx, options);
  }

  void certificatesChanged(@Observes CertificateUpdatedEvent event) {
    Optional.ofNullable(clients.remove(event.name())).ifPresent(this::closeOnceUnused);
  }

  private void closeOnceUnused(WebClient before) {
    long unused = config.timeout().plus(AFTER_THE_LAST).toMillis();
    vertx.setTimer(unused, timer -> before.close());
  }

  @PreDestroy
  void close() {
    clients.values().forEach(WebClient::close);
  }
}
