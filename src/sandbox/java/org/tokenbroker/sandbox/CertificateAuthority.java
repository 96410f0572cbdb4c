package org.tokenbroker.sandbox;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority with one EC P-256 root, for first runs and tests. Signs whatever it is
 * asked to sign.
 */
public final class CertificateAuthority {
  private static final Duration ROOT_LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(1);

  /** Covers the clock difference between two machines, or a clock set back by a test. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final KeyMaterial root;
  private final InstantSource time;

  private CertificateAuthority(KeyMaterial root, InstantSource time) {
    this.root = root;
    this.time = time;
  }

  /** A new authority with a fresh key, valid for ten years. */
  public static CertificateAuthority create(String commonName, InstantSource time) {
    KeyPair keys = newKeys();
    Leaf self = Leaf.named(commonName).asAuthority();
    X500Principal name = subject(self);
    Instant now = time.instant();
    X509Certificate certificate =
        sign(self, keys, name, keys, now.minus(BACKDATED), now.plus(ROOT_LIFE));
    return new CertificateAuthority(new KeyMaterial(keys.getPrivate(), List.of(certificate)), time);
  }

  /** Continues with a root that was kept, for example by {@link KeyMaterial#writeTo}. */
  public static CertificateAuthority of(KeyMaterial root, InstantSource time) {
    return new CertificateAuthority(root, time);
  }

  /** The root's own key, to be kept between runs. */
  public KeyMaterial root() {
    return root;
  }

  public X509Certificate certificate() {
    return root.certificate();
  }

  /** The trust bundle as PEM: the root alone. */
  public String bundlePem() {
    return root.chainPem();
  }

  /**
   * Writes the trust bundle.
   *
   * @throws UncheckedIOException if the folder cannot be made or written
   */
  public Path writeBundleTo(Path folder, String name) {
    Path bundle = folder.resolve(name + ".crt");
    try {
      Files.createDirectories(folder);
      return Files.writeString(bundle, bundlePem());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the trust bundle " + bundle, e);
    }
  }

  /** A revocation list in PEM, until the next day. */
  public String revocationList(X509Certificate... revoked) {
    try {
      Date now = Date.from(time.instant());
      JcaX509v2CRLBuilder builder =
          new JcaX509v2CRLBuilder(certificate().getSubjectX500Principal(), now);
      builder.setNextUpdate(Date.from(time.instant().plus(LEAF_LIFE)));
      for (X509Certificate certificate : revoked) {
        builder.addCRLEntry(certificate.getSerialNumber(), now, CRLReason.keyCompromise);
      }
      StringWriter pem = new StringWriter();
      try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
        writer.writeObject(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(root.key())));
      }
      return pem.toString();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalArgumentException("cannot sign a revocation list", e);
    }
  }

  /** Signs a certificate for a fresh key. */
  public KeyMaterial issue(Leaf leaf) {
    KeyPair keys = newKeys();
    Instant now = time.instant();
    X509Certificate certificate =
        sign(
            leaf,
            keys,
            certificate().getSubjectX500Principal(),
            new KeyPair(certificate().getPublicKey(), root.key()),
            leaf.notBefore().orElse(now.minus(BACKDATED)),
            leaf.notAfter().orElse(now.plus(LEAF_LIFE)));
    return new KeyMaterial(keys.getPrivate(), List.of(certificate));
  }

  private static X509Certificate sign(
      Leaf leaf,
      KeyPair keys,
      X500Principal issuer,
      KeyPair issuerKeys,
      Instant notBefore,
      Instant notAfter) {
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              new BigInteger(127, new SecureRandom()).setBit(126),
              Date.from(notBefore),
              Date.from(notAfter),
              subject(leaf),
              keys.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(leaf.authority()));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(
              leaf.authority()
                  ? KeyUsage.keyCertSign | KeyUsage.cRLSign
                  : KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          identifiers.createSubjectKeyIdentifier(keys.getPublic()));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(issuerKeys.getPublic()));
      List<KeyPurposeId> purposes =
          leaf.purposes().stream().map(CertificateAuthority::purpose).toList();
      if (!purposes.isEmpty()) {
        builder.addExtension(
            Extension.extendedKeyUsage,
            false,
            new ExtendedKeyUsage(purposes.toArray(new KeyPurposeId[0])));
      }
      List<GeneralName> names = alternativeNames(leaf);
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(new GeneralName[0])));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalArgumentException("cannot sign a certificate for " + leaf.commonName(), e);
    }
  }

  private static List<GeneralName> alternativeNames(Leaf leaf) {
    List<GeneralName> names = new ArrayList<>();
    leaf.dnsNames().forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
    leaf.ipAddresses()
        .forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
    leaf.uris()
        .forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    return names;
  }

  private static KeyPurposeId purpose(Leaf.Purpose purpose) {
    return switch (purpose) {
      case CLIENT_AUTH -> KeyPurposeId.id_kp_clientAuth;
      case SERVER_AUTH -> KeyPurposeId.id_kp_serverAuth;
    };
  }

  private static X500Principal subject(Leaf leaf) {
    try {
      return new X500Principal(
          new X500NameBuilder(BCStyle.INSTANCE)
              .addRDN(BCStyle.CN, leaf.commonName())
              .build()
              .getEncoded());
    } catch (IOException e) {
      throw new IllegalArgumentException("not a common name: " + leaf.commonName(), e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no EC P-256", e);
    }
  }
}
