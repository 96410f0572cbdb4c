package org.tokenbroker.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/**
 * Verifies client assertions as RFC 7523 §3 and OpenID Connect Core §9 ask, and accepts each {@code
 * jti} once.
 */
final class ClientAssertions {
  /** Longer ones are refused: ACM and Geosecure both say ten minutes (providers.md B2). */
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);

  /** FAPI 2.0 §5.3.2.1: a clock up to 10 s ahead is accepted. */
  private static final int SKEW_SECONDS = 10;

  private static final AlgorithmConstraints ASYMMETRIC =
      new AlgorithmConstraints(
          ConstraintType.PERMIT,
          AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
          AlgorithmIdentifiers.RSA_USING_SHA256,
          AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
          AlgorithmIdentifiers.EDDSA);

  private final InstantSource time;
  private final String audience;
  private final Map<String, Instant> seen = new HashMap<>();

  ClientAssertions(InstantSource time, String audience) {
    this.time = time;
    this.audience = audience;
  }

  /** The subject as claimed, nothing verified. */
  String claimedSubject(String assertion) throws OAuthError {
    try {
      String subject =
          new JwtConsumerBuilder()
              .setSkipAllValidators()
              .setDisableRequireSignature()
              .setSkipSignatureVerification()
              .build()
              .processToClaims(assertion)
              .getSubject();
      return subject == null ? "" : subject;
    } catch (InvalidJwtException | MalformedClaimException e) {
      throw refused("assertion is not a JWT");
    }
  }

  synchronized void verify(String clientId, OAuthClient.PrivateKeyJwt registered, String assertion)
      throws OAuthError {
    Instant now = time.instant();
    try {
      JwtClaims claims =
          new JwtConsumerBuilder()
              .setVerificationKeyResolver(
                  new JwksVerificationKeyResolver(
                      new JsonWebKeySet(registered.jwks()).getJsonWebKeys()))
              .setJwsAlgorithmConstraints(ASYMMETRIC)
              .setEvaluationTime(NumericDate.fromSeconds(now.getEpochSecond()))
              .setAllowedClockSkewInSeconds(SKEW_SECONDS)
              .setRequireExpirationTime()
              .setMaxFutureValidityInMinutes((int) LONGEST_LIFE.toMinutes())
              .setRequireJwtId()
              .setExpectedIssuer(clientId)
              .setExpectedSubject(clientId)
              .setExpectedAudience(audience)
              .build()
              .processToClaims(assertion);
      accept(clientId, claims, now);
    } catch (InvalidJwtException | MalformedClaimException e) {
      throw refused("assertion was refused");
    } catch (JoseException e) {
      throw new IllegalStateException(
          "client " + clientId + " is registered with an unusable key set", e);
    }
  }

  private void accept(String clientId, JwtClaims claims, Instant now)
      throws OAuthError, MalformedClaimException {
    NumericDate issuedAt = claims.getIssuedAt();
    if (issuedAt != null && issuedAt.getValue() > now.getEpochSecond() + SKEW_SECONDS) {
      throw refused("assertion is from the future");
    }
    seen.values().removeIf(until -> until.isBefore(now));
    Instant forgotten = now.plus(LONGEST_LIFE).plusSeconds(SKEW_SECONDS);
    if (seen.putIfAbsent(clientId + " " + claims.getJwtId(), forgotten) != null) {
      throw refused("assertion was used before");
    }
  }

  private static OAuthError refused(String description) {
    return OAuthError.invalidClient(description);
  }
}
