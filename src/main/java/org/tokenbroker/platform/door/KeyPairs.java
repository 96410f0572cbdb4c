package org.tokenbroker.platform.door;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Whether keys belong to their certificates. They are files apart: who reads between the two writes
 * of a renewal has halves of two pairs, which would break every handshake.
 */
final class KeyPairs {
  private static final byte[] PROBE = {1};

  private KeyPairs() {}

  /**
   * Judges the pairs of the kinds that TLS 1.3 signs with, and takes those of RSASSA-PSS as they
   * are. Without any, nobody could connect.
   */
  static boolean match(X509ExtendedKeyManager keys) throws GeneralSecurityException {
    List<String> judged = aliases(keys, "EC", "RSA", "EdDSA");
    if (judged.isEmpty() && aliases(keys, "RSASSA-PSS").isEmpty()) {
      return false;
    }
    for (String alias : judged) {
      PublicKey publicHalf = keys.getCertificateChain(alias)[0].getPublicKey();
      if (!match(keys.getPrivateKey(alias), publicHalf)) {
        return false;
      }
    }
    return true;
  }

  private static List<String> aliases(X509ExtendedKeyManager keys, String... kinds) {
    return Stream.of(kinds)
        .flatMap(
            kind ->
                Optional.ofNullable(keys.getServerAliases(kind, null)).stream()
                    .flatMap(Arrays::stream))
        .toList();
  }

  private static boolean match(PrivateKey privateHalf, PublicKey publicHalf)
      throws GeneralSecurityException {
    if (!kind(privateHalf.getAlgorithm()).equals(kind(publicHalf.getAlgorithm()))) {
      return false;
    }
    Signature signature = Signature.getInstance(algorithm(publicHalf.getAlgorithm()));
    signature.initSign(privateHalf);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(publicHalf);
    signature.update(PROBE);
    return signature.verify(signed);
  }

  private static String kind(String algorithm) {
    return algorithm.startsWith("Ed") ? "EdDSA" : algorithm;
  }

  private static String algorithm(String kind) {
    return switch (kind) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> kind;
    };
  }
}
