package org.tokenbroker.provider.http;

import java.time.Instant;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.token.Secret;

/** A client assertion (RFC 7523 §2.2, §3) by the rules of the profile (C10, IV-6, IV-12). */
final class ClientAssertion {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private ClientAssertion() {}

  /**
   * Costs milliseconds with RSA: not for an event loop.
   *
   * @param unique {@code jti}
   * @return absent where the registration has no usable key, or the profile no audience
   */
  static Optional<Secret> sign(ProviderClient client, Instant now, String unique) {
    Profile profile = client.profile();
    Optional<String> audience = client.site().assertionAudience();
    return client
        .registration()
        .signing()
        .flatMap(
            signing ->
                client
                    .secrets()
                    .privateKey()
                    .flatMap(
                        key ->
                            audience.flatMap(
                                receiver ->
                                    sign(
                                        claims(client, receiver, now, unique),
                                        signing,
                                        key,
                                        profile))));
  }

  private static JwtClaims claims(
      ProviderClient client, String audience, Instant now, String unique) {
    String clientId = client.secrets().clientId().reveal();
    long issuedAt = now.getEpochSecond();
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(clientId);
    claims.setSubject(clientId);
    claims.setAudience(audience);
    claims.setJwtId(unique);
    claims.setIssuedAt(NumericDate.fromSeconds(issuedAt));
    claims.setExpirationTime(
        NumericDate.fromSeconds(issuedAt + client.profile().assertion().lifetime().toSeconds()));
    return claims;
  }

  private static Optional<Secret> sign(
      JwtClaims claims, Registration.Signing signing, Secret key, Profile profile) {
    try {
      JsonWebSignature jws = new JsonWebSignature();
      jws.setPayload(claims.toJson());
      jws.setKey(PublicJsonWebKey.Factory.newPublicJwk(key.reveal()).getPrivateKey());
      jws.setAlgorithmHeaderValue(signing.algorithm());
      jws.setAlgorithmConstraints(
          new AlgorithmConstraints(ConstraintType.PERMIT, signing.algorithm()));
      jws.setKeyIdHeaderValue(signing.keyId());
      profile.assertion().typ().ifPresent(typ -> jws.setHeader("typ", typ));
      return Optional.of(Secret.of(jws.getCompactSerialization()));
    } catch (JoseException unusable) {
      return Optional.empty();
    }
  }
}
