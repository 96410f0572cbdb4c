package org.tokenbroker.platform.door;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.KeyStores;

/**
 * Reads the TLS material of 8443 again every 30 s, and takes it into use where it changed: while
 * the server takes new material into use, for a tenth of a second, it has none for whoever connects
 * just then. Certificates are compared, because a new key always comes with a new one.
 */
@ApplicationScoped
public class CertificateReload {
  private static final Logger LOG = Logger.getLogger(CertificateReload.class);
  private static final String BUCKET = "server";
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final TlsConfigurationRegistry tls;
  private final Vertx vertx;
  private final Consumer<CertificateUpdatedEvent> changed;
  private volatile @Nullable Long timer;

  @Inject
  CertificateReload(
      TlsConfigurationRegistry tls, Vertx vertx, Event<CertificateUpdatedEvent> changed) {
    this(tls, vertx, (Consumer<CertificateUpdatedEvent>) changed::fire);
  }

  CertificateReload(
      TlsConfigurationRegistry tls, Vertx vertx, Consumer<CertificateUpdatedEvent> changed) {
    this.tls = tls;
    this.vertx = vertx;
    this.changed = changed;
  }

  void start(@Observes StartupEvent started) {
    timer =
        vertx.setPeriodic(
            EVERY.toMillis(),
            tick ->
                vertx
                    .executeBlocking(Executors.callable((Runnable) this::look))
                    .onFailure(
                        failure ->
                            LOG.errorf(
                                "Certificates could not be read again: %s",
                                failure.getClass().getName())));
  }

  void stop(@Observes ShutdownEvent stopping) {
    Long running = timer;
    if (running != null) {
      vertx.cancelTimer(running);
    }
  }

  /** Looks now. Blocks on files. */
  public void look() {
    tls.get(BUCKET).ifPresent(this::look);
  }

  private void look(TlsConfiguration bucket) {
    List<List<?>> before = certificates(bucket);
    if (!bucket.reload()) {
      LOG.warn("Certificates could not be read again: those of before stay in use");
    } else if (!certificates(bucket).equals(before)) {
      LOG.info("The certificates of 8443 changed and are taken into use");
      changed.accept(new CertificateUpdatedEvent(BUCKET, bucket));
    }
  }

  private static List<List<?>> certificates(TlsConfiguration bucket) {
    return Stream.of(
            Optional.ofNullable(bucket.getKeyStore()), Optional.ofNullable(bucket.getTrustStore()))
        .<List<?>>map(store -> store.map(KeyStores::certificates).orElseGet(List::of))
        .toList();
  }
}
