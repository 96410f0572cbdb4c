package org.tokenbroker.event.http;

import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.tokenbroker.event.DeliveryPolicy;
import org.tokenbroker.event.Letter;
import org.tokenbroker.event.Post;
import org.tokenbroker.event.Receipt;
import org.tokenbroker.event.WebhookAddresses;
import org.tokenbroker.platform.CallerContext;
import org.tokenbroker.platform.outbound.AddressGuard;

/** {@link Post} over HTTPS, each letter on a connection of its own. */
@ApplicationScoped
public class HttpPost implements Post {
  /**
   * Name of the TLS configuration ({@code quarkus.tls.webhook.*}) for calls to webhooks, where it
   * is configured; else the platform's trusted authorities.
   */
  static final String TLS_CONFIGURATION = "webhook";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration UNUSED = DeliveryPolicy.TIMEOUT.plusSeconds(5);

  /** The outbox bounds what is under way; the pool must not. */
  private static final int MOST_CONNECTIONS = 10_000;

  private final Vertx vertx;
  private final TlsConfigurationRegistry tls;
  private final AddressGuard addresses;
  private final AtomicReference<HttpClient> client;

  HttpPost(Vertx vertx, TlsConfigurationRegistry tls, WebhookAddresses addresses) {
    this.vertx = vertx;
    this.tls = tls;
    this.addresses = new AddressGuard(addresses.rules(), vertx);
    this.client = new AtomicReference<>(create());
  }

  @Override
  public Uni<Receipt> send(URI url, Letter letter) {
    return CallerContext.keep(
        Uni.createFrom()
            .deferred(
                () ->
                    new Posting(vertx, addresses, DeliveryPolicy.TIMEOUT)
                        .carryOut(client.get(), url, letter)));
  }

  private HttpClient create() {
    HttpClientOptions options = new HttpClientOptions();
    tls.get(TLS_CONFIGURATION)
        .ifPresent(configured -> TlsConfigUtils.configure(options, configured));
    options
        .setSsl(true)
        .setVerifyHost(true)
        .setKeepAlive(false)
        .setMaxPoolSize(MOST_CONNECTIONS)
        .setDecompressionSupported(false)
        .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    return vertx.createHttpClient(options);
  }

  void certificatesChanged(@Observes CertificateUpdatedEvent event) {
    if (event.name().equals(TLS_CONFIGURATION)) {
      HttpClient before = client.getAndSet(create());
      vertx.setTimer(UNUSED.toMillis(), timer -> before.close());
    }
  }

  @PreDestroy
  void close() {
    client.get().close();
  }
}
