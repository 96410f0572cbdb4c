package org.tokenbroker.platform.door;

import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509TrustManager;

/**
 * Whom a TLS server trusts, exchangeable while handshakes are under way (G9). A resumed session
 * skips the trust manager: {@link #stillTrusts} judges it again where the trust changed since.
 */
final class ClientTrust implements X509TrustManager {
  private volatile Trusted now = new Trusted(new NoAuthority(), List.of(), Instant.MIN);

  private record Trusted(X509TrustManager authorities, List<X509CRL> revoked, Instant since) {
    void check(X509Certificate[] chain, String keyType) throws CertificateException {
      if (Arrays.stream(chain).anyMatch(this::isRevoked)) {
        throw new CertificateException("a certificate of the chain is revoked");
      }
      authorities.checkClientTrusted(chain, keyType);
    }

    private boolean isRevoked(X509Certificate certificate) {
      return revoked.stream().anyMatch(list -> list.isRevoked(certificate));
    }
  }

  /**
   * Handshakes that begin from now on are judged by these. The clock is asked once they are: a
   * session that was judged before must not seem to have begun after.
   *
   * @param revoked certificates on these lists are refused, whoever issued them
   */
  void trust(X509TrustManager authorities, List<X509CRL> revoked, InstantSource clock) {
    List<X509CRL> lists = List.copyOf(revoked);
    now = new Trusted(authorities, lists, Instant.MAX);
    now = new Trusted(authorities, lists, clock.instant());
  }

  /** Whether the client of a session would get through the handshake today. */
  boolean stillTrusts(SSLSession session) {
    Trusted trusted = now;
    if (Instant.ofEpochMilli(session.getCreationTime()).isAfter(trusted.since())) {
      return true;
    }
    try {
      X509Certificate[] chain =
          Arrays.stream(session.getPeerCertificates())
              .map(X509Certificate.class::cast)
              .toArray(X509Certificate[]::new);
      trusted.check(chain, chain[0].getPublicKey().getAlgorithm());
      return true;
    } catch (SSLPeerUnverifiedException | CertificateException untrusted) {
      return false;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    now.check(chain, keyType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    throw new CertificateException("whom a server trusts are clients");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return now.authorities().getAcceptedIssuers();
  }

  /** Before anybody is trusted. */
  private static final class NoAuthority implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType)
        throws CertificateException {
      throw new CertificateException("nobody is trusted yet");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType)
        throws CertificateException {
      throw new CertificateException("nobody is trusted yet");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
