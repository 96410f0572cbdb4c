package org.tokenbroker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SignatureException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final InstantSource TIME = InstantSource.fixed(NOW);
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  private final CertificateAuthority authority = CertificateAuthority.create("Test CA", TIME);

  @Test
  void signsALeafThatVerifiesAgainstItsOwnKeyOnly() throws Exception {
    X509Certificate leaf = authority.issue(Leaf.named("any")).certificate();
    CertificateAuthority foreign = CertificateAuthority.create("Test CA", TIME);

    leaf.verify(authority.certificate().getPublicKey());
    assertThatThrownBy(() -> leaf.verify(foreign.certificate().getPublicKey()))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  void carriesExactlyTheNamesAndPurposesAskedFor() throws Exception {
    X509Certificate server = authority.issue(Leaf.loopbackServer("broker")).certificate();
    X509Certificate workload =
        authority.issue(Leaf.workload("pod", "spiffe://example.org/ns/a/sa/b")).certificate();

    assertThat(server.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(DNS, "localhost"), List.of(IP, "127.0.0.1"), List.of(IP, "0:0:0:0:0:0:0:1"));
    assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(workload.getSubjectAlternativeNames())
        .containsExactly(List.of(URI, "spiffe://example.org/ns/a/sa/b"));
    assertThat(workload.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(workload.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void signsMalformedIdentitiesToo() throws Exception {
    X509Certificate two =
        authority
            .issue(Leaf.workload("two", "spiffe://example.org/a").uri("spiffe://example.org/b"))
            .certificate();
    X509Certificate ca =
        authority.issue(Leaf.workload("ca", "spiffe://example.org/a").asAuthority()).certificate();
    X509Certificate bare = authority.issue(Leaf.named("bare")).certificate();

    assertThat(two.getSubjectAlternativeNames()).hasSize(2);
    assertThat(ca.getBasicConstraints()).isNotEqualTo(-1);
    assertThat(bare.getSubjectAlternativeNames()).isNull();
    assertThat(bare.getExtendedKeyUsage()).isNull();
  }

  @Test
  void takesTheValidityFromTheRequestElseFromItsClock() {
    X509Certificate expired =
        authority
            .issue(Leaf.named("expired").valid(NOW.minusSeconds(7200), NOW.minusSeconds(3600)))
            .certificate();
    X509Certificate fresh = authority.issue(Leaf.named("fresh")).certificate();

    assertThatThrownBy(() -> expired.checkValidity(Date.from(NOW)))
        .isInstanceOf(CertificateExpiredException.class);
    assertThat(fresh.getNotBefore()).isEqualTo(Date.from(NOW.minusSeconds(300)));
    assertThat(fresh.getNotAfter()).isEqualTo(Date.from(NOW.plusSeconds(86_400)));
  }

  @Test
  void continuesWithAKeptRoot(@TempDir Path folder) throws Exception {
    authority.root().writeTo(folder, "ca");

    CertificateAuthority again = CertificateAuthority.of(KeyMaterial.read(folder, "ca"), TIME);

    again.issue(Leaf.named("later")).certificate().verify(authority.certificate().getPublicKey());
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca.key"))))
        .isEqualTo("rw-------");
    assertThat(again.root().toString()).contains("Test CA").doesNotContain("PRIVATE");
  }
}
