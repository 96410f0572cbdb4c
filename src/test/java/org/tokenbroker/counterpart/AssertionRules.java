package org.tokenbroker.counterpart;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.X509Util;
import org.jose4j.lang.JoseException;

/**
 * What the Flemish servers check of a client assertion (providers.md B2): the uploaded key named by
 * {@code kid}, or the uploaded certificate by its SHA-1 thumbprint, {@code iss} = {@code sub} =
 * client id, one {@code aud} as text, a {@code jti} that is new, {@code iat} and {@code exp} as
 * whole numbers and at most ten minutes apart.
 */
final class AssertionRules {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final long SKEW = 10;

  private final String audience;
  private final Set<String> algorithms;
  private final Map<String, JsonWebKeySet> uploaded = new ConcurrentHashMap<>();
  private final Map<String, X509Certificate> certificates = new ConcurrentHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Map<String, List<String>> signedWith = new ConcurrentHashMap<>();

  AssertionRules(String audience, Set<String> algorithms) {
    this.audience = audience;
    this.algorithms = Set.copyOf(algorithms);
  }

  /** What a customer does on the admin site; replaces what was there. */
  void upload(String clientId, String jwks) {
    try {
      uploaded.put(clientId, new JsonWebKeySet(jwks));
    } catch (JoseException unusable) {
      throw new IllegalArgumentException("not a key set", unusable);
    }
  }

  /**
   * The same with a certificate (PEM): the assertion's {@code kid} is its SHA-1 thumbprint then.
   */
  void uploadCertificate(String clientId, String pem) {
    try {
      certificates.put(
          clientId,
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    } catch (CertificateException unusable) {
      throw new IllegalArgumentException("not a certificate", unusable);
    }
  }

  /** Names of the keys that a client's accepted assertions were signed with, in their order. */
  List<String> signedWith(String clientId) {
    return List.copyOf(signedWith.getOrDefault(clientId, List.of()));
  }

  /** The client that the assertion proves, or what is wrong with it. */
  synchronized Verdict judge(String assertion, Instant now) {
    String[] parts = assertion.split("\\.", -1);
    if (parts.length != 3) {
      return new Verdict.Wrong("not a JWT");
    }
    JsonObject header;
    JsonObject claims;
    try {
      header = part(parts[0]);
      claims = part(parts[1]);
    } catch (DecodeException | IllegalArgumentException malformed) {
      return new Verdict.Wrong("not a JWT");
    }
    String clientId = Optional.ofNullable(claims.getString("sub")).orElse("");
    Optional<String> flaw = flaw(header, claims, clientId, assertion, now);
    if (flaw.isPresent()) {
      return new Verdict.Wrong(flaw.get());
    }
    signedWith
        .computeIfAbsent(clientId, none -> new CopyOnWriteArrayList<>())
        .add(header.getString("kid"));
    return new Verdict.Proven(clientId);
  }

  /** Outcome. */
  sealed interface Verdict {
    record Proven(String clientId) implements Verdict {}

    record Wrong(String why) implements Verdict {}
  }

  private Optional<String> flaw(
      JsonObject header, JsonObject claims, String clientId, String assertion, Instant now) {
    if (!algorithms.contains(header.getString("alg"))) {
      return Optional.of("alg");
    }
    if (!clientId.equals(claims.getString("iss"))) {
      return Optional.of("iss");
    }
    if (!(claims.getValue("aud") instanceof String aud) || !aud.equals(audience)) {
      return Optional.of("aud");
    }
    if (!isWhole(claims.getValue("iat")) || !isWhole(claims.getValue("exp"))) {
      return Optional.of("iat and exp must be whole numbers");
    }
    long issued = claims.getLong("iat");
    long ends = claims.getLong("exp");
    if (ends - issued > LONGEST.toSeconds()) {
      return Optional.of("exp more than ten minutes after iat");
    }
    if (issued > now.getEpochSecond() + SKEW || ends <= now.getEpochSecond()) {
      return Optional.of("not now");
    }
    String keyId = header.getString("kid");
    if (!isSigned(clientId, keyId, assertion)
        && !isSignedByCertificate(clientId, keyId, assertion, now)) {
      return Optional.of("kid or signature");
    }
    String id = claims.getString("jti");
    return id == null || !seen.add(clientId + " " + id) ? Optional.of("jti") : Optional.empty();
  }

  private static boolean isWhole(Object value) {
    return value instanceof Integer || value instanceof Long;
  }

  private boolean isSigned(String clientId, String keyId, String assertion) {
    List<JsonWebKey> keys =
        Optional.ofNullable(uploaded.get(clientId))
            .map(JsonWebKeySet::getJsonWebKeys)
            .orElse(List.of());
    return keys.stream()
        .filter(key -> key.getKeyId() != null && key.getKeyId().equals(keyId))
        .anyMatch(key -> verifies(key.getKey(), assertion));
  }

  private boolean isSignedByCertificate(
      String clientId, String keyId, String assertion, Instant now) {
    return Optional.ofNullable(certificates.get(clientId))
        .filter(certificate -> !now.isBefore(certificate.getNotBefore().toInstant()))
        .filter(certificate -> now.isBefore(certificate.getNotAfter().toInstant()))
        .filter(certificate -> X509Util.x5t(certificate).equals(keyId))
        .filter(certificate -> verifies(certificate.getPublicKey(), assertion))
        .isPresent();
  }

  private boolean verifies(Key key, String assertion) {
    try {
      JsonWebSignature signature = new JsonWebSignature();
      signature.setAlgorithmConstraints(
          new AlgorithmConstraints(ConstraintType.PERMIT, algorithms.toArray(String[]::new)));
      signature.setCompactSerialization(assertion);
      signature.setKey(key);
      return signature.verifySignature();
    } catch (JoseException broken) {
      return false;
    }
  }

  private static JsonObject part(String encoded) {
    return new JsonObject(
        new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
  }
}
