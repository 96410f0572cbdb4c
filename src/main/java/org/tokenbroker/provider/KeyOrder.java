package org.tokenbroker.provider;

import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * A key that an operator wants made.
 *
 * @param algorithm JWS algorithm: RS, PS or ES with 256, 384 or 512
 * @param rsaBits size of an RSA key
 * @param certificate absent: it has none
 * @param keyId absent: the SHA-1 thumbprint of its certificate, else the thumbprint of the key (RFC
 *     7638)
 */
public record KeyOrder(
    String algorithm, int rsaBits, Optional<CertificateOrder> certificate, Optional<String> keyId) {
  /** Sizes of RSA keys that are made. */
  public static final List<Integer> RSA_BITS = List.of(2048, 3072, 4096);

  /** What is made where nothing else is asked for: good beyond 2030 (NIST SP 800-57). */
  public static final int DEFAULT_RSA_BITS = 3072;

  /**
   * Whether a key that lies in the safe is the one that is asked for: by the name that is asked
   * for, or, without one, made by an earlier request whose end the ledger never heard of.
   */
  boolean isMetBy(SigningKey key, KeyRing ring) {
    return key.signsWith(algorithm)
        && key.rsaBits().map(bits -> bits == rsaBits).orElse(true)
        && key.certificateThumbprint().isPresent() == certificate.isPresent()
        && keyId.map(key.keyId()::equals).orElseGet(() -> ring.find(key.keyId()).isEmpty());
  }

  /**
   * A new key. Takes up to seconds with RSA: not for an event loop.
   *
   * @throws IllegalArgumentException for an algorithm that is none of the above
   */
  SigningKey make() {
    try {
      PublicJsonWebKey key = generated();
      certificate.ifPresent(order -> key.setCertificateChain(List.of(order.certify(key))));
      key.setKeyId(keyId.orElseGet(() -> thumbprint(key)));
      return SigningKey.of(key).orElseThrow();
    } catch (JoseException noSuchAlgorithm) {
      throw new IllegalStateException("every Java platform makes RSA and EC keys");
    }
  }

  private static String thumbprint(PublicJsonWebKey key) {
    return Optional.ofNullable(key.getX509CertificateSha1Thumbprint(true))
        .orElseGet(() -> key.calculateBase64urlEncodedThumbprint("SHA-256"));
  }

  private PublicJsonWebKey generated() throws JoseException {
    return switch (algorithm) {
      case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512" ->
          RsaJwkGenerator.generateJwk(rsaBits);
      case "ES256" -> EcJwkGenerator.generateJwk(EllipticCurves.P256);
      case "ES384" -> EcJwkGenerator.generateJwk(EllipticCurves.P384);
      case "ES512" -> EcJwkGenerator.generateJwk(EllipticCurves.P521);
      default -> throw new IllegalArgumentException("no algorithm of a signing key");
    };
  }
}
