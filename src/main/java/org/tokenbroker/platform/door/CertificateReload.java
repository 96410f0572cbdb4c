package org.tokenbroker.platform.door;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the TLS material of 8443 again every 30 s, and takes it into use where it changed. */
@ApplicationScoped
public class CertificateReload {
  private static final Logger LOG = Logger.getLogger(CertificateReload.class);
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final TlsConfigurationRegistry tls;
  private final Vertx vertx;
  private final DoorMaterial material;
  private volatile @Nullable Long timer;

  CertificateReload(TlsConfigurationRegistry tls, Vertx vertx, DoorMaterial material) {
    this.tls = tls;
    this.vertx = vertx;
    this.material = material;
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

  /**
   * Looks now. Blocks on files.
   *
   * @return whether other material than before is in use from now on
   */
  public boolean look() {
    return tls.get(DoorMaterial.BUCKET).filter(this::look).isPresent();
  }

  private boolean look(TlsConfiguration bucket) {
    DoorMaterial.Taken taken =
        bucket.reload() ? material.take(bucket) : DoorMaterial.Taken.UNUSABLE;
    switch (taken) {
      case CHANGED -> LOG.info("The certificates of 8443 changed and are taken into use");
      case UNUSABLE ->
          LOG.warn("The certificates of 8443 cannot be used: those of before stay in use");
      case SAME -> {}
    }
    return taken == DoorMaterial.Taken.CHANGED;
  }
}
