package org.tokenbroker.provider;

import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;
import org.tokenbroker.token.Secret;

/**
 * A private key that signs client assertions (IV-6, C10).
 *
 * @param jwk the private JWK (RFC 7517) as JSON text; with {@code x5c} where it has a certificate
 * @param keyId its {@code kid}
 * @param algorithms JWS algorithms it can sign with; asymmetric only
 * @param certificateThumbprint SHA-1 of its certificate, base64url ({@code x5t}, RFC 7515 §4.1.7);
 *     absent where it has none
 */
public record SigningKey(
    Secret jwk, String keyId, List<String> algorithms, Optional<String> certificateThumbprint) {
  private static final int SMALLEST_RSA_BITS = 2048;

  /**
   * Empty unless the text is a private RSA key of at least 2048 bits or a private EC key on a P
   * curve, with a {@code kid}.
   */
  public static Optional<SigningKey> of(Secret jwk) {
    try {
      return of(PublicJsonWebKey.Factory.newPublicJwk(jwk.reveal()));
    } catch (JoseException | RuntimeException malformed) {
      return Optional.empty();
    }
  }

  /** The same, of a key that was read already. Members of the JWK that we do not know are left. */
  static Optional<SigningKey> of(PublicJsonWebKey key) {
    try {
      return copied(key);
    } catch (JoseException | RuntimeException unusable) {
      return Optional.empty();
    }
  }

  private static Optional<SigningKey> copied(PublicJsonWebKey key) throws JoseException {
    if (key.getPrivateKey() == null || key.getKeyId() == null || algorithms(key).isEmpty()) {
      return Optional.empty();
    }
    PublicJsonWebKey own = PublicJsonWebKey.Factory.newPublicJwk(key.getPublicKey());
    own.setPrivateKey(key.getPrivateKey());
    own.setKeyId(key.getKeyId());
    if (key.getCertificateChain() != null) {
      own.setCertificateChain(key.getCertificateChain());
    }
    return Optional.of(
        new SigningKey(
            Secret.of(own.toJson(OutputControlLevel.INCLUDE_PRIVATE)),
            own.getKeyId(),
            algorithms(own),
            Optional.ofNullable(own.getX509CertificateSha1Thumbprint(true))));
  }

  public boolean signsWith(String algorithm) {
    return algorithms.contains(algorithm);
  }

  /** Size of an RSA key; absent for keys on a curve. */
  Optional<Integer> rsaBits() {
    try {
      return PublicJsonWebKey.Factory.newPublicJwk(jwk.reveal()) instanceof RsaJsonWebKey rsa
          ? Optional.of(rsa.getRsaPublicKey().getModulus().bitLength())
          : Optional.empty();
    } catch (JoseException impossible) {
      throw new IllegalStateException("a key that was read once can be read again");
    }
  }

  /**
   * The public half (RFC 7517) as JSON text: for whoever is to verify what it signs.
   *
   * @param algorithm that it signs with
   */
  public String publicJwk(String algorithm) {
    try {
      PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(jwk.reveal());
      key.setUse("sig");
      key.setAlgorithm(algorithm);
      if (certificateThumbprint.isPresent()) {
        key.setX509CertificateSha1Thumbprint(certificateThumbprint.get());
        key.setX509CertificateSha256Thumbprint(key.getX509CertificateSha256Thumbprint(true));
      }
      return key.toJson(OutputControlLevel.PUBLIC_ONLY);
    } catch (JoseException impossible) {
      throw new IllegalStateException("a key that was read once can be read again");
    }
  }

  private static List<String> algorithms(PublicJsonWebKey key) {
    return switch (key) {
      case RsaJsonWebKey rsa ->
          rsa.getRsaPublicKey().getModulus().bitLength() < SMALLEST_RSA_BITS
              ? List.of()
              : List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
      case EllipticCurveJsonWebKey ec -> ofCurve(ec.getCurveName());
      default -> List.of();
    };
  }

  private static List<String> ofCurve(String curve) {
    return switch (curve) {
      case "P-256" -> List.of("ES256");
      case "P-384" -> List.of("ES384");
      case "P-521" -> List.of("ES512");
      default -> List.of();
    };
  }
}
