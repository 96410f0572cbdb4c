package org.tokenbroker.provider;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.tokenbroker.token.Secret;

/**
 * Reads a private key that an operator brings (IV-6). Pure, but costs milliseconds: not for an
 * event loop.
 *
 * @param jwk a private JWK (RFC 7517); may hold its certificates as {@code x5c}
 * @param certificateChain PEM, the key's own certificate first
 * @param keyId absent: the JWK's {@code kid}, else the SHA-1 thumbprint of its certificate, else
 *     the thumbprint of the key (RFC 7638)
 */
public record KeyImport(Secret jwk, Optional<String> certificateChain, Optional<String> keyId) {
  private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._~=:@+-]{1,200}");
  private static final int LONGEST_CHAIN = 64 * 1024;
  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

  private static final Read.Wrong WRONG_KEY =
      new Read.Wrong(
          "private_key_jwk",
          "must be a private JWK: RSA of at least 2048 bits, or EC on P-256, P-384 or P-521, whose"
              + " public and private halves belong together");

  /** What came of it. */
  public sealed interface Read {
    record Key(SigningKey key) implements Read {}

    /**
     * @param fix what would be right; never repeats the value
     */
    record Wrong(String field, String fix) implements Read {}
  }

  /** Whether a text may name a key: it stands in paths and log lines. */
  public static boolean isKeyId(String text) {
    return KEY_ID.matcher(text).matches();
  }

  public Read read() {
    PublicJsonWebKey key;
    try {
      key = PublicJsonWebKey.Factory.newPublicJwk(jwk.reveal());
    } catch (JoseException | RuntimeException malformed) {
      return WRONG_KEY;
    }
    if (certificateChain.isPresent()) {
      Optional<List<X509Certificate>> chain = certificates(certificateChain.get());
      if (chain.isEmpty() || !belongs(chain.get().getFirst(), key)) {
        return new Read.Wrong(
            "certificate_chain",
            "must be PEM certificates, first the one of this key, then those that signed it");
      }
      key.setCertificateChain(chain.get());
    }
    key.setKeyId(name(key));
    return isKeyId(key.getKeyId()) ? checked(key) : wrongName();
  }

  private static Read checked(PublicJsonWebKey key) {
    return SigningKey.of(key)
        .filter(signing -> agrees(key.getPrivateKey()) && isWhole(key))
        .<Read>map(Read.Key::new)
        .orElse(WRONG_KEY);
  }

  private String name(PublicJsonWebKey key) {
    return keyId
        .or(() -> Optional.ofNullable(key.getKeyId()))
        .or(() -> Optional.ofNullable(key.getX509CertificateSha1Thumbprint(true)))
        .orElseGet(() -> key.calculateBase64urlEncodedThumbprint("SHA-256"));
  }

  private Read wrongName() {
    return new Read.Wrong(
        keyId.isPresent() ? "kid" : "private_key_jwk.kid",
        "must be 1 to 200 letters, digits or characters of . _ ~ = : @ + -");
  }

  private static boolean belongs(X509Certificate certificate, PublicJsonWebKey key) {
    return certificate.getPublicKey().equals(key.getPublicKey());
  }

  private static Optional<List<X509Certificate>> certificates(String pem) {
    if (pem.length() > LONGEST_CHAIN) {
      return Optional.empty();
    }
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      return Optional.of(chain).filter(some -> !some.isEmpty());
    } catch (CertificateException malformed) {
      return Optional.empty();
    }
  }

  /**
   * Signing by the primes never looks at the exponent: what does not fit them would stay hidden.
   */
  private static boolean agrees(PrivateKey key) {
    return !(key instanceof RSAPrivateCrtKey rsa)
        || (isInverse(rsa, rsa.getPrimeP()) && isInverse(rsa, rsa.getPrimeQ()));
  }

  /** RFC 8017 §3.2. */
  private static boolean isInverse(RSAPrivateCrtKey key, BigInteger prime) {
    BigInteger order = prime.subtract(BigInteger.ONE);
    return order.signum() > 0
        && key.getPublicExponent()
            .multiply(key.getPrivateExponent())
            .mod(order)
            .equals(BigInteger.ONE);
  }

  /** Nothing but a signature shows that both halves belong together. */
  private static boolean isWhole(PublicJsonWebKey key) {
    try {
      Signature signature =
          Signature.getInstance(
              key.getPublicKey() instanceof RSAKey ? "SHA256withRSA" : "SHA256withECDSA");
      signature.initSign(key.getPrivateKey());
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(key.getPublicKey());
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException broken) {
      return false;
    }
  }
}
