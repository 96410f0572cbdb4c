package org.tokenbroker.provider;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.tokenbroker.token.RegistrationId;

/**
 * A certificate (RFC 5280) that is made for a new key, signed by the key itself: for providers that
 * know keys by certificate. Holds no secret, the client id neither (BE-2).
 *
 * @param registration its common name
 * @param organization its organization: the registration's descriptive name
 * @param now from when it is valid, but for {@link #BACKDATED}
 */
record CertificateOrder(RegistrationId registration, String organization, Instant now) {
  /** Long enough that keys are rotated at leisure. */
  static final Duration LIFE = Duration.ofDays(730);

  /** Covers the difference between our clock and the provider's. */
  static final Duration BACKDATED = Duration.ofMinutes(5);

  /** RFC 5280 appendix A.1: {@code ub-organization-name}. */
  private static final int LONGEST_NAME = 64;

  private static final int SERIAL_BITS = 127;

  static CertificateOrder of(Registration registration, Instant now) {
    return new CertificateOrder(registration.id(), registration.name(), now);
  }

  /** How a certificate is signed by a key of its kind. */
  private enum Signing {
    RSA("SHA256withRSA", PKCSObjectIdentifiers.sha256WithRSAEncryption),
    P256("SHA256withECDSA", X9ObjectIdentifiers.ecdsa_with_SHA256),
    P384("SHA384withECDSA", X9ObjectIdentifiers.ecdsa_with_SHA384),
    P521("SHA512withECDSA", X9ObjectIdentifiers.ecdsa_with_SHA512);

    private final String name;
    private final String oid;

    Signing(String name, ASN1ObjectIdentifier oid) {
      this.name = name;
      this.oid = oid.getId();
    }

    static Signing of(PublicJsonWebKey key) {
      return key instanceof EllipticCurveJsonWebKey ec
          ? switch (ec.getCurveName()) {
            case "P-384" -> P384;
            case "P-521" -> P521;
            default -> P256;
          }
          : RSA;
    }

    /** RFC 4055 §5, RFC 5758 §3.2: only RSA has parameters, and they are NULL. */
    AlgorithmIdentifier identifier() {
      ASN1ObjectIdentifier algorithm = new ASN1ObjectIdentifier(oid);
      return this == RSA
          ? new AlgorithmIdentifier(algorithm, DERNull.INSTANCE)
          : new AlgorithmIdentifier(algorithm);
    }

    byte[] sign(PrivateKey key, byte[] content) throws GeneralSecurityException {
      Signature signature = Signature.getInstance(name);
      signature.initSign(key);
      signature.update(content);
      return signature.sign();
    }
  }

  /** Costs milliseconds: not for an event loop. */
  X509Certificate certify(PublicJsonWebKey key) {
    Signing signing = Signing.of(key);
    try {
      TBSCertificate content = content(key, signing);
      byte[] signature = signing.sign(key.getPrivateKey(), content.getEncoded(ASN1Encoding.DER));
      return read(
          new DERSequence(
              new ASN1Encodable[] {content, signing.identifier(), new DERBitString(signature)}));
    } catch (GeneralSecurityException | IOException unfit) {
      throw new IllegalStateException("every RSA or EC key signs a certificate");
    }
  }

  private TBSCertificate content(PublicJsonWebKey key, Signing signing) throws IOException {
    Instant from = now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS);
    X500Name name = name();
    V3TBSCertificateGenerator content = new V3TBSCertificateGenerator();
    content.setSerialNumber(
        new ASN1Integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1)));
    content.setSignature(signing.identifier());
    content.setIssuer(name);
    content.setSubject(name);
    content.setStartDate(new Time(Date.from(from)));
    content.setEndDate(new Time(Date.from(from.plus(LIFE))));
    content.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(key.getPublicKey().getEncoded()));
    content.setExtensions(extensions());
    return content.generateTBSCertificate();
  }

  private static Extensions extensions() throws IOException {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    return extensions.generate();
  }

  private X500Name name() {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, new DERUTF8String(shortened(organization)))
        .addRDN(BCStyle.CN, new DERUTF8String(registration.value()))
        .build();
  }

  private static String shortened(String text) {
    int[] first = text.strip().codePoints().limit(LONGEST_NAME).toArray();
    return new String(first, 0, first.length);
  }

  private static X509Certificate read(DERSequence certificate)
      throws GeneralSecurityException, IOException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(certificate.getEncoded(ASN1Encoding.DER)));
  }
}
