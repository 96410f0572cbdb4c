package org.tokenbroker.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * A private key (EC P-256) with its certificate chain.
 *
 * @param key the private key
 * @param chain the certificate first, then the CAs above it without the root; a CA's own material
 *     has itself only
 */
public record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
  private static final Base64.Encoder PEM_BODY = Base64.getMimeEncoder(64, new byte[] {'\n'});

  public KeyMaterial {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("key material needs at least one certificate");
    }
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The chain as PEM (RFC 7468), leaf first. */
  public String chainPem() {
    return pem(chain);
  }

  /** The key as unencrypted PKCS#8 PEM. */
  public String keyPem() {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /**
   * Writes {@code <name>.crt} (chain) and {@code <name>.key} (PKCS#8, readable by the owner only).
   *
   * @throws UncheckedIOException if the folder cannot be made or written
   */
  public PemFiles writeTo(Path folder, String name) {
    PemFiles files = new PemFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
    try {
      Files.createDirectories(folder);
      Files.writeString(files.certificate(), chainPem());
      Files.deleteIfExists(files.key());
      Files.createFile(
          files.key(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(files.key(), keyPem());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write key material to " + folder, e);
    }
    return files;
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @throws UncheckedIOException if a file is missing or not what it should be
   */
  public static KeyMaterial read(Path folder, String name) {
    Path key = folder.resolve(name + ".key");
    try {
      return new KeyMaterial(
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(body(Files.readString(key)))),
          certificates(Files.readString(folder.resolve(name + ".crt"))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read key material from " + folder, e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new UncheckedIOException(
          new IOException(key + " holds no EC key in PKCS#8 with its certificate", e));
    }
  }

  /** Certificates as one PEM bundle. */
  static String pem(List<X509Certificate> certificates) {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        pem.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateException e) {
        throw new IllegalArgumentException("a certificate has no DER form", e);
      }
    }
    return pem.toString();
  }

  /** Says whose key it is, never the key. */
  @Override
  public String toString() {
    return "KeyMaterial[" + certificate().getSubjectX500Principal() + "]";
  }

  private static List<X509Certificate> certificates(String pem) throws CertificateException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  private static byte[] body(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }

  private static String block(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + PEM_BODY.encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  /**
   * Where the material lies.
   *
   * @param certificate PEM chain
   * @param key PEM PKCS#8
   */
  public record PemFiles(Path certificate, Path key) {}
}
