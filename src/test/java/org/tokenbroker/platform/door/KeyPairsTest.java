package org.tokenbroker.platform.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Certificates;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.sandbox.KeyMaterial;
import org.tokenbroker.sandbox.Leaf;

@Requirement("G9")
class KeyPairsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final KeyMaterial server =
      Certificates.create().authority().issue(Leaf.loopbackServer("server"));

  @Test
  void aKeyBelongsToItsCertificate() throws GeneralSecurityException, IOException {
    assertThat(KeyPairs.match(holding(server.key()))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void aKeyOfAnotherPairDoesNot(String kind) throws GeneralSecurityException, IOException {
    PrivateKey other = KeyPairGenerator.getInstance(kind).generateKeyPair().getPrivate();

    assertThat(KeyPairs.match(holding(other))).isFalse();
  }

  /** As one is that was written without its key. */
  @Test
  void aStoreWithoutAnyKeyIsNotToBePresented() throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setCertificateEntry("server", server.certificate());

    assertThat(KeyPairs.match(manager(store))).isFalse();
  }

  private X509ExtendedKeyManager holding(PrivateKey key)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry("server", key, PASSWORD, server.chain().toArray(Certificate[]::new));
    return manager(store);
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    return store;
  }

  private static X509ExtendedKeyManager manager(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD);
    return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
  }
}
