package org.tokenbroker.platform.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate with any extensions, sensible or not, such as no authority would sign. */
final class MadeCertificate {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final KeyPair KEYS = keys();

  private String subject = "CN=made";
  private Instant notBefore = NOW.minus(Duration.ofHours(1));
  private Instant notAfter = NOW.plus(Duration.ofHours(1));
  private final List<GeneralName> names = new ArrayList<>();
  private Optional<Integer> keyUsage = Optional.of(KeyUsage.digitalSignature);
  private List<KeyPurposeId> purposes = List.of();
  private boolean authority;
  private boolean brokenNames;

  static MadeCertificate of(String spiffeId) {
    return new MadeCertificate().uri(spiffeId);
  }

  static MadeCertificate nameless() {
    return new MadeCertificate();
  }

  MadeCertificate subject(String rfc2253) {
    subject = rfc2253;
    return this;
  }

  MadeCertificate uri(String name) {
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, name));
    return this;
  }

  MadeCertificate dns(String name) {
    names.add(new GeneralName(GeneralName.dNSName, name));
    return this;
  }

  MadeCertificate brokenNames() {
    brokenNames = true;
    return this;
  }

  MadeCertificate keyUsage(int bits) {
    keyUsage = Optional.of(bits);
    return this;
  }

  MadeCertificate withoutKeyUsage() {
    keyUsage = Optional.empty();
    return this;
  }

  MadeCertificate purposes(KeyPurposeId... ids) {
    purposes = List.of(ids);
    return this;
  }

  MadeCertificate asAuthority() {
    authority = true;
    return this;
  }

  MadeCertificate valid(Instant from, Instant to) {
    notBefore = from;
    notAfter = to;
    return this;
  }

  X509Certificate make() {
    try {
      X500Principal name = new X500Principal(subject);
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.ONE,
              Date.from(notBefore),
              Date.from(notAfter),
              name,
              KEYS.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (keyUsage.isPresent()) {
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage.get()));
      }
      if (!purposes.isEmpty()) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
      }
      if (brokenNames) {
        builder.addExtension(
            Extension.subjectAlternativeName, false, new DEROctetString(new byte[] {1, 2, 3}));
      } else if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("the certificate cannot be made", e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no EC P-256", e);
    }
  }
}
