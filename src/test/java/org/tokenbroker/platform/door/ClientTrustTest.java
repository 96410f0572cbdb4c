package org.tokenbroker.platform.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

class ClientTrustTest {
  private static final X509Certificate[] CHAIN = {};

  private final ClientTrust trust = new ClientTrust();

  /** Else a resumed session of theirs would never be judged again. */
  @Test
  @Requirement("E1")
  void nobodyIsLetInByTheFormerTrustOnceTheTimeOfTheExchangeIsTaken() throws CertificateException {
    trust.trust(new Answering(true), List.of(), () -> Instant.EPOCH);
    trust.checkClientTrusted(CHAIN, "EC");
    AtomicInteger asked = new AtomicInteger();

    trust.trust(
        new Answering(false),
        List.of(),
        () -> {
          asked.incrementAndGet();
          isRefused();
          return Instant.EPOCH;
        });

    assertThat(asked).hasValue(1);
    isRefused();
  }

  private void isRefused() {
    assertThatThrownBy(() -> trust.checkClientTrusted(CHAIN, "EC"))
        .isInstanceOf(CertificateException.class);
  }

  /** Trusts everybody or nobody. */
  private record Answering(boolean trusted) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType)
        throws CertificateException {
      if (!trusted) {
        throw new CertificateException("nobody is trusted");
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType)
        throws CertificateException {
      checkClientTrusted(chain, keyType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return CHAIN;
    }
  }
}
