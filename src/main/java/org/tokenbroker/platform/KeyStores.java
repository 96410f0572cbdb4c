package org.tokenbroker.platform;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What key stores of the TLS registry hold, which are always loaded. */
public final class KeyStores {
  private KeyStores() {}

  /** Of keys the whole chain. */
  public static List<Certificate> certificates(KeyStore store) {
    try {
      List<Certificate> certificates = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        Certificate[] chain = store.getCertificateChain(alias);
        certificates.addAll(chain == null ? List.of(store.getCertificate(alias)) : List.of(chain));
      }
      return certificates;
    } catch (KeyStoreException neverLoaded) {
      throw new IllegalStateException(
          "a key store of the TLS registry is always loaded", neverLoaded);
    }
  }
}
