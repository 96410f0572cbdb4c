package org.tokenbroker.provider;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * The certificate of a signing key, as far as people and providers look at it. Holds no secret.
 *
 * @param subject RFC 2253
 * @param notAfter from then on a provider refuses what is signed with the key
 * @param pem the whole chain (RFC 7468), the key's own certificate first
 */
public record KeyCertificate(String subject, Instant notBefore, Instant notAfter, String pem) {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  /**
   * @param publicJwk RFC 7517; its certificates as {@code x5c}
   * @return absent where it has none
   */
  static Optional<KeyCertificate> of(String publicJwk) {
    try {
      return Optional.ofNullable(
              PublicJsonWebKey.Factory.newPublicJwk(publicJwk).getCertificateChain())
          .filter(chain -> !chain.isEmpty())
          .map(KeyCertificate::of);
    } catch (JoseException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  private static KeyCertificate of(List<X509Certificate> chain) {
    X509Certificate own = chain.getFirst();
    return new KeyCertificate(
        own.getSubjectX500Principal().getName(),
        own.getNotBefore().toInstant(),
        own.getNotAfter().toInstant(),
        chain.stream().map(KeyCertificate::pem).collect(Collectors.joining()));
  }

  private static String pem(X509Certificate certificate) {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + LINES.encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("a certificate that was read can be written");
    }
  }
}
