package org.tokenbroker.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.tokenbroker.sandbox.CertificateAuthority;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.Leaf;

class CertificateExpiryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant END = NOW.plus(3, ChronoUnit.HOURS);
  private static final char[] NO_PASSWORD = {};

  private final CertificateAuthority ca =
      CertificateAuthority.create("Test CA", InstantSource.fixed(NOW));

  @Test
  void theFirstCertificateToEndCountsEvenIfItsChainLivesLonger() throws Exception {
    KeyMaterial server = ca.issue(Leaf.loopbackServer("server").valid(NOW, END));
    KeyStore store = empty();
    store.setKeyEntry(
        "server", server.key(), NO_PASSWORD, server.chain().toArray(Certificate[]::new));
    store.setCertificateEntry("ca", ca.certificate());

    assertThat(CertificateExpiry.earliestEnd(store)).contains(END);
  }

  @Test
  void aStoreWithoutCertificatesHasNoEnd() throws Exception {
    assertThat(CertificateExpiry.earliestEnd(empty())).isEmpty();
  }

  private static KeyStore empty() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
