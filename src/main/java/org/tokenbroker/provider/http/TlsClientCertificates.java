package org.tokenbroker.provider.http;

import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.provider.ClientCertificates;

/** {@link ClientCertificates} of the TLS registry. */
@ApplicationScoped
public class TlsClientCertificates implements ClientCertificates {
  private final TlsConfigurationRegistry tls;

  TlsClientCertificates(TlsConfigurationRegistry tls) {
    this.tls = tls;
  }

  @Override
  public boolean has(String tlsConfiguration) {
    return tls.get(tlsConfiguration)
        .filter(known -> known.getKeyStoreOptions() != null)
        .isPresent();
  }
}
