package org.tokenbroker.platform.door;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.tokenbroker.platform.KeyStores;

/**
 * Key, trusted authorities and revocation lists that 8443 works with. They are exchanged behind the
 * server's back: a server that is given new TLS options has none for a moment, and cuts whoever
 * connects just then (G9).
 */
@ApplicationScoped
class DoorMaterial implements HttpServerOptionsCustomizer {
  static final String BUCKET = "server";

  private final TlsConfigurationRegistry tls;
  private final Vertx vertx;
  private final InstantSource time;
  private final ServerKey key = new ServerKey();
  private final ClientTrust trust = new ClientTrust();
  private volatile Content inUse = Content.NONE;

  /** What tells one material from another: a new key always comes with a new certificate. */
  private record Content(
      List<Certificate> presented, List<Certificate> trusted, List<X509CRL> revoked) {
    static final Content NONE = new Content(List.of(), List.of(), List.of());

    static Content of(TlsConfiguration bucket) throws CertificateException, CRLException {
      return new Content(
          KeyStores.certificates(bucket.getKeyStore()),
          KeyStores.certificates(bucket.getTrustStore()),
          revocations(bucket));
    }
  }

  DoorMaterial(TlsConfigurationRegistry tls, Vertx vertx, InstantSource time) {
    this.tls = tls;
    this.vertx = vertx;
    this.time = time;
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    tls.get(BUCKET).ifPresent(bucket -> customize(options, bucket));
  }

  private void customize(HttpServerOptions options, TlsConfiguration bucket) {
    if (take(bucket) == Taken.UNUSABLE) {
      throw new IllegalStateException(
          "the key of port 8443 is not the one of its certificate, a revocation list is empty, or the JDK cannot use them");
    }
    options.setKeyCertOptions(KeyCertOptions.wrap(key));
    options.setTrustOptions(TrustOptions.wrap(trust));
    options.getCrlPaths().clear();
    options.getCrlValues().clear();
  }

  /** What came of new material. */
  enum Taken {
    CHANGED,
    SAME,
    /** What was in use before stays. */
    UNUSABLE
  }

  /** Takes what a bucket has read into use, at once and whole. */
  Taken take(TlsConfiguration bucket) {
    try {
      Content next = Content.of(bucket);
      return next.equals(inUse) ? Taken.SAME : take(bucket, next);
    } catch (Exception unusable) {
      return Taken.UNUSABLE;
    }
  }

  private Taken take(TlsConfiguration bucket, Content next) throws Exception {
    X509ExtendedKeyManager nextKey =
        only(
            X509ExtendedKeyManager.class,
            bucket.getKeyStoreOptions().getKeyManagerFactory(vertx).getKeyManagers());
    X509TrustManager authorities =
        only(
            X509TrustManager.class,
            bucket.getTrustStoreOptions().getTrustManagerFactory(vertx).getTrustManagers());
    if (!KeyPairs.match(nextKey)) {
      return Taken.UNUSABLE;
    }
    trust.trust(authorities, next.revoked(), time);
    key.present(nextKey);
    inUse = next;
    return Taken.CHANGED;
  }

  /** Whether the client of a session, resumed perhaps, is trusted by what is in use now. */
  boolean trusts(SSLSession session) {
    return trust.stillTrusts(session);
  }

  private static <T> T only(Class<T> kind, Object[] managers) throws GeneralSecurityException {
    return Arrays.stream(managers)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("no " + kind.getSimpleName()));
  }

  /** A file without a list is one that is being written: it forgives nobody. */
  private static List<X509CRL> revocations(TlsConfiguration bucket)
      throws CertificateException, CRLException {
    CertificateFactory x509 = CertificateFactory.getInstance("X.509");
    List<X509CRL> lists = new ArrayList<>();
    for (Buffer file : bucket.getSSLOptions().getCrlValues()) {
      Collection<? extends CRL> read = x509.generateCRLs(new ByteArrayInputStream(file.getBytes()));
      if (read.isEmpty()) {
        throw new CRLException("a revocation list is empty");
      }
      read.forEach(list -> lists.add((X509CRL) list));
    }
    return lists;
  }
}
