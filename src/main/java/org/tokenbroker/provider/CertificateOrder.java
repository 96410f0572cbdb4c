package org.tokenbroker.provider;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.tokenbroker.token.RegistrationId;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.KeyUsage;
import org.wildfly.security.x500.cert.KeyUsageExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;

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

  /** Costs milliseconds: not for an event loop. */
  X509Certificate certify(PublicJsonWebKey key) {
    Instant from = now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS);
    X500Principal name = name();
    try {
      return new X509CertificateBuilder()
          .setSerialNumber(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1))
          .setIssuerDn(name)
          .setSubjectDn(name)
          .setNotValidBefore(from.atZone(ZoneOffset.UTC))
          .setNotValidAfter(from.plus(LIFE).atZone(ZoneOffset.UTC))
          .setPublicKey(key.getPublicKey())
          .setSigningKey(key.getPrivateKey())
          .setSignatureAlgorithmName(signature(key))
          .addExtension(new BasicConstraintsExtension(true, false, -1))
          .addExtension(new KeyUsageExtension(true, KeyUsage.digitalSignature))
          .build();
    } catch (CertificateException unfit) {
      throw new IllegalStateException("every RSA or EC key signs a certificate");
    }
  }

  private X500Principal name() {
    try {
      Rdn organizationName = new Rdn("O", shortened(organization));
      Rdn commonName = new Rdn("CN", registration.value());
      return new X500Principal(new LdapName(List.of(organizationName, commonName)).toString());
    } catch (InvalidNameException impossible) {
      throw new IllegalStateException("names of registrations are texts");
    }
  }

  private static String shortened(String text) {
    int[] first = text.strip().codePoints().limit(LONGEST_NAME).toArray();
    return new String(first, 0, first.length);
  }

  private static String signature(PublicJsonWebKey key) {
    return key instanceof EllipticCurveJsonWebKey ec
        ? switch (ec.getCurveName()) {
          case "P-384" -> "SHA384withECDSA";
          case "P-521" -> "SHA512withECDSA";
          default -> "SHA256withECDSA";
        }
        : "SHA256withRSA";
  }
}
