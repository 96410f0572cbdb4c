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
 * @param jwk the private JWK (RFC 7517) as JSON text
 * @param keyId its {@code kid}
 * @param publicJwk its public half as JSON text
 * @param algorithms JWS algorithms it can sign with; asymmetric only
 */
public record SigningKey(Secret jwk, String keyId, String publicJwk, List<String> algorithms) {
  private static final int SMALLEST_RSA_BITS = 2048;

  /**
   * Empty unless the text is a private RSA key of at least 2048 bits or a private EC key on a P
   * curve, with a {@code kid}.
   */
  public static Optional<SigningKey> of(Secret jwk) {
    try {
      PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(jwk.reveal());
      return key.getPrivateKey() == null || key.getKeyId() == null || algorithms(key).isEmpty()
          ? Optional.empty()
          : Optional.of(
              new SigningKey(
                  jwk,
                  key.getKeyId(),
                  key.toJson(OutputControlLevel.PUBLIC_ONLY),
                  algorithms(key)));
    } catch (JoseException | RuntimeException malformed) {
      return Optional.empty();
    }
  }

  public boolean signsWith(String algorithm) {
    return algorithms.contains(algorithm);
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
