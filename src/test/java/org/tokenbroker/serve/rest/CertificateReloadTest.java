package org.tokenbroker.serve.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.door.CertificateReload;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.Leaf;

/** What becomes of callers while the TLS material of 8443 changes. */
@QuarkusTest
@TestProfile(ServingOnly.class)
@Requirement("K-4")
class CertificateReloadTest {
  private static final Certificates CERTIFICATES = Certificates.shared();
  private static final int RENEWALS = 20;

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @ConfigProperty(name = "quarkus.tls.server.key-store.pem.server.cert")
  Path certificate;

  @ConfigProperty(name = "quarkus.tls.server.key-store.pem.server.key")
  Path key;

  @ConfigProperty(name = "quarkus.tls.server.trust-store.pem.certs")
  Path authorities;

  @ConfigProperty(name = "quarkus.tls.server.certificate-revocation-list")
  Path revocationList;

  @Inject CertificateReload reload;

  private final Certificates.Identity caller = CERTIFICATES.consumer("watching-pod");
  private String trusted;

  @BeforeEach
  void keepWhatIsTrusted() throws IOException {
    trusted = Files.readString(authorities);
  }

  @AfterEach
  void trustAsBefore() throws IOException {
    Files.writeString(authorities, trusted);
    Files.writeString(revocationList, CERTIFICATES.revocationList());
    reload.look();
  }

  @Test
  void aRenewedCertificateIsPresentedAtOnceAndOneThatDidNotChangeIsLeftAlone() throws IOException {
    assertThat(reload.look()).isFalse();

    KeyMaterial renewed = renew();

    assertThat(reload.look()).isTrue();
    assertThat(presented()).isEqualTo(renewed.certificate());
    assertThat(reload.look()).isFalse();
  }

  @Test
  void filesThatAreNoCertificatesLeaveThoseOfBeforeInUse() throws IOException {
    byte[] good = Files.readAllBytes(certificate);
    Certificate presented = presented();
    Files.writeString(certificate, "half written");
    try {
      assertThat(reload.look()).isFalse();

      assertThat(presented()).isEqualTo(presented);
    } finally {
      Files.write(certificate, good);
    }
  }

  /** Certificate and key of different pairs, as between two writes of a renewal. */
  @Test
  void aKeyThatIsNotTheCertificatesNeverCutsACaller() throws IOException {
    KeyMaterial.PemFiles next = CERTIFICATES.client("next", Leaf.loopbackServer("next")).files();
    byte[] good = Files.readAllBytes(certificate);
    Certificate presented = presented();
    Files.copy(next.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    try {
      assertThat(reload.look()).isFalse();

      assertThat(presented()).isEqualTo(presented);
    } finally {
      Files.write(certificate, good);
    }
  }

  @Test
  @Requirement("G9")
  void nobodyWhoConnectsDuringRenewalsIsCut()
      throws IOException, ExecutionException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    Callable<Integer> connecting =
        () -> {
          int connected = 0;
          while (!over.get()) {
            presented();
            connected++;
          }
          return connected;
        };
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> each =
          IntStream.range(0, 4).mapToObj(caller -> callers.submit(connecting)).toList();
      for (int renewal = 0; renewal < RENEWALS; renewal++) {
        renew();
        assertThat(reload.look()).isTrue();
      }
      over.set(true);
      for (Future<Integer> one : each) {
        assertThat(one.get()).isPositive();
      }
    }
  }

  @Test
  @Requirement("E1")
  void aWithdrawnAuthorityIsRefusedInTheHandshakeAndInResumedSessions() throws IOException {
    long began = answersOn(caller, "404").getCreationTime();
    assertThat(answersOn(caller, "404").getCreationTime()).isEqualTo(began);

    Files.writeString(authorities, Certificates.create().authority().bundlePem());
    assertThat(reload.look()).isTrue();

    assertThat(answersOn(caller, "403").getCreationTime()).isEqualTo(began);
    isRefusedInTheHandshake(CERTIFICATES.consumer("watching-pod"));
  }

  @Test
  @Requirement("E1")
  void aRevokedCertificateIsRefusedInTheHandshakeAndInResumedSessions() throws IOException {
    Certificates.Identity revoked = CERTIFICATES.consumer("revoked-pod");
    long began = answersOn(revoked, "404").getCreationTime();

    Files.writeString(
        revocationList, CERTIFICATES.revocationList(revoked.material().certificate()));
    assertThat(reload.look()).isTrue();

    assertThat(answersOn(revoked, "403").getCreationTime()).isEqualTo(began);
    answersOn(caller, "404");
    isRefusedInTheHandshake(
        new Certificates.Identity(
            revoked.material(), revoked.files(), CERTIFICATES.freshContext(revoked)));
  }

  @Test
  @Requirement("G9")
  void aResumedSessionGoesOnWhereItsAuthorityIsTrustedStill() throws IOException {
    long began = answersOn(caller, "404").getCreationTime();

    Files.writeString(authorities, trusted + Certificates.create().authority().bundlePem());
    assertThat(reload.look()).isTrue();

    assertThat(answersOn(caller, "404").getCreationTime()).isEqualTo(began);
  }

  /** As somebody finds it who reads while it is written anew. */
  @ParameterizedTest
  @ValueSource(strings = {"", "half written"})
  @Requirement("E1")
  void aFileThatHoldsNoRevocationListForgivesNobody(String content) throws IOException {
    Certificates.Identity revoked = CERTIFICATES.consumer("revoked-pod");
    Files.writeString(
        revocationList, CERTIFICATES.revocationList(revoked.material().certificate()));
    assertThat(reload.look()).isTrue();

    Files.writeString(revocationList, content);

    assertThat(reload.look()).isFalse();
    isRefusedInTheHandshake(revoked);
  }

  private KeyMaterial renew() throws IOException {
    Certificates.Identity renewed = CERTIFICATES.client("renewed", Leaf.loopbackServer("renewed"));
    Files.copy(renewed.files().certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(renewed.files().key(), key, StandardCopyOption.REPLACE_EXISTING);
    return renewed.material();
  }

  private Certificate presented() throws IOException {
    try (SSLSocket socket = connect(CERTIFICATES.freshContext(caller).getSocketFactory())) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private void isRefusedInTheHandshake(Certificates.Identity identity) {
    assertThatThrownBy(() -> answersOn(identity, "none"))
        .isInstanceOfAny(SSLException.class, SocketException.class);
  }

  /** Asks for what is not there; the session that the question went over. */
  private SSLSession answersOn(Certificates.Identity identity, String status) throws IOException {
    try (SSLSocket socket = connect(identity.context().getSocketFactory())) {
      socket
          .getOutputStream()
          .write(
              "GET /v1/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 " + status);
      return socket.getSession();
    }
  }

  private SSLSocket connect(SSLSocketFactory sockets) throws IOException {
    return (SSLSocket) sockets.createSocket(door.getHost(), door.getPort());
  }
}
