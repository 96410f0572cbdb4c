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
import java.util.concurrent.atomic.AtomicReference;
import org.tokenbroker.provider.ProviderConfig;

/**
 * The web client for what OIDC Client does not call, with the same TLS settings. Its requests are
 * carried out by an {@link Exchange}.
 */
@ApplicationScoped
public class ProviderWeb {
  private static final Duration AFTER_THE_LAST = Duration.ofSeconds(5);

  /** Guards bound what is in flight; the pool must not. */
  private static final int MOST_CONNECTIONS = 10_000;

  private final Vertx vertx;
  private final TlsConfigurationRegistry tls;
  private final ProviderConfig config;
  private final AtomicReference<WebClient> client;

  ProviderWeb(Vertx vertx, TlsConfigurationRegistry tls, ProviderConfig config) {
    this.vertx = vertx;
    this.tls = tls;
    this.config = config;
    this.client = new AtomicReference<>(create());
  }

  HttpRequest<Buffer> get(URI url) {
    return client.get().getAbs(url.toString());
  }

  private WebClient create() {
    WebClientOptions options = new WebClientOptions();
    tls.get(OidcClientPool.TLS_CONFIGURATION)
        .ifPresent(configured -> TlsConfigUtils.configure(options, configured));
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
    if (event.name().equals(OidcClientPool.TLS_CONFIGURATION)) {
      WebClient before = client.getAndSet(create());
      long unused = config.timeout().plus(AFTER_THE_LAST).toMillis();
      vertx.setTimer(unused, timer -> before.close());
    }
  }

  @PreDestroy
  void close() {
    client.get().close();
  }
}
