package org.tokenbroker.serve.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.tls.CertificateUpdatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.door.CertificateReload;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.Leaf;

@QuarkusTest
@TestProfile(ServingOnly.class)
class CertificateReloadTest {
  private static final Certificates CERTIFICATES = Certificates.shared();

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @ConfigProperty(name = "quarkus.tls.server.key-store.pem.server.cert")
  Path certificate;

  @ConfigProperty(name = "quarkus.tls.server.key-store.pem.server.key")
  Path key;

  @Inject CertificateReload reload;
  @Inject Reloads reloads;

  /** Counts how often new material was taken into use. */
  @ApplicationScoped
  static class Reloads {
    private final AtomicInteger count = new AtomicInteger();

    void changed(@Observes CertificateUpdatedEvent event) {
      count.incrementAndGet();
    }

    int count() {
      return count.get();
    }
  }

  @Test
  @Requirement("K-4")
  void aRenewedCertificateIsTakenIntoUseAndOneThatDidNotChangeIsLeftAlone() throws IOException {
    int before = reloads.count();
    Certificate first = presented();
    reload.look();
    assertThat(reloads.count()).isEqualTo(before);

    KeyMaterial.PemFiles renewed =
        CERTIFICATES.client("renewed", Leaf.loopbackServer("renewed")).files();
    Files.copy(renewed.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(renewed.key(), key, StandardCopyOption.REPLACE_EXISTING);
    reload.look();

    assertThat(reloads.count()).isEqualTo(before + 1);
    Awaitility.await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> assertThat(presented()).isNotEqualTo(first));
    reload.look();
    assertThat(reloads.count()).isEqualTo(before + 1);
  }

  @Test
  @Requirement("K-4")
  void filesThatAreNoCertificatesLeaveThoseOfBeforeInUse() throws IOException {
    byte[] good = Files.readAllBytes(certificate);
    int before = reloads.count();
    Certificate presented = presented();
    Files.writeString(certificate, "half written");
    try {
      reload.look();

      assertThat(reloads.count()).isEqualTo(before);
      assertThat(presented()).isEqualTo(presented);
    } finally {
      Files.write(certificate, good);
    }
  }

  private Certificate presented() throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            CERTIFICATES
                .consumer("watching-pod")
                .context()
                .getSocketFactory()
                .createSocket(door.getHost(), door.getPort())) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }
}
