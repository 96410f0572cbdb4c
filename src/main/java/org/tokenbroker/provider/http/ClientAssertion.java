package org.tokenbroker.provider.http;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Instant;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.token.Secret;

/** A client assertion (RFC 7523 §2.2, §3) by the rules of the profile (C10, IV-6, IV-12). */
final class ClientAssertion {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /** OpenID Connect Core §9 leaves the choice among the HMAC ones; all servers know this one. */
  private static final String OF_SECRETS = "HS256";

  private ClientAssertion() {}

  /**
   * @param jwk holds what names the key in the header; absent for a shared secret
   */
  private record Signer(String algorithm, Key key, Optional<PublicJsonWebKey> jwk, String keyId) {}

  /**
   * Costs milliseconds with RSA: not for an event loop.
   *
   * @param unique {@code jti}
   * @return absent where the registration has no usable key, or the profile no audience
   */
  static Optional<Secret> sign(ProviderClient client, Instant now, String unique) {
    return client
        .site()
        .assertionAudience()
        .map(audience -> claims(client, audience, now, unique))
        .flatMap(
            claims -> signer(client).flatMap(signer -> sign(claims, signer, client.profile())));
  }

  private static JwtClaims claims(
      ProviderClient client, String audience, Instant now, String unique) {
    Profile.Assertion rules = client.profile().assertion();
    String clientId = client.secrets().clientId().reveal();
    long issuedAt = now.minus(rules.iatSkew()).getEpochSecond();
    JwtClaims claims = new JwtClaims();
    rules.claims().forEach(claims::setStringClaim);
    claims.setIssuer(client.site().assertionIssuer().orElse(clientId));
    claims.setSubject(clientId);
    claims.setAudience(audience);
    claims.setJwtId(unique);
    claims.setIssuedAt(NumericDate.fromSeconds(issuedAt));
    claims.setExpirationTime(NumericDate.fromSeconds(issuedAt + rules.lifetime().toSeconds()));
    return claims;
  }

  private static Optional<Signer> signer(ProviderClient client) {
    return switch (client.registration().authentication()) {
      case PRIVATE_KEY_JWT -> ofKey(client);
      case CLIENT_SECRET_JWT -> client.secrets().clientSecret().map(ClientAssertion::ofSecret);
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, TLS_CLIENT_AUTH, NONE -> Optional.empty();
    };
  }

  private static Optional<Signer> ofKey(ProviderClient client) {
    return client
        .registration()
        .signing()
        .flatMap(
            signing ->
                client
                    .secrets()
                    .privateKey()
                    .flatMap(ClientAssertion::jwk)
                    .map(
                        jwk ->
                            new Signer(
                                signing.algorithm(),
                                jwk.getPrivateKey(),
                                Optional.of(jwk),
                                signing.keyId())));
  }

  private static Optional<PublicJsonWebKey> jwk(Secret key) {
    try {
      return Optional.of(PublicJsonWebKey.Factory.newPublicJwk(key.reveal()));
    } catch (JoseException unusable) {
      return Optional.empty();
    }
  }

  private static Signer ofSecret(Secret secret) {
    return new Signer(
        OF_SECRETS,
        new HmacKey(secret.reveal().getBytes(StandardCharsets.UTF_8)),
        Optional.empty(),
        "");
  }

  private static Optional<Secret> sign(JwtClaims claims, Signer signer, Profile profile) {
    try {
      JsonWebSignature jws = new JsonWebSignature();
      jws.setPayload(claims.toJson());
      jws.setKey(signer.key());
      jws.setAlgorithmHeaderValue(signer.algorithm());
      jws.setAlgorithmConstraints(
          new AlgorithmConstraints(ConstraintType.PERMIT, signer.algorithm()));
      profile.assertion().typ().ifPresent(typ -> jws.setHeader("typ", typ));
      return isNamed(jws, signer, profile.assertion().keyId())
          ? Optional.of(Secret.of(jws.getCompactSerialization()))
          : Optional.empty();
    } catch (JoseException unusable) {
      return Optional.empty();
    }
  }

  /** Whether the header names the key as the profile wants it; a shared secret has no name. */
  private static boolean isNamed(JsonWebSignature jws, Signer signer, Profile.KeyName name) {
    return signer.jwk().map(jwk -> isNamed(jws, jwk, signer.keyId(), name)).orElse(true);
  }

  private static boolean isNamed(
      JsonWebSignature jws, PublicJsonWebKey jwk, String keyId, Profile.KeyName name) {
    return switch (name) {
      case KID -> isNamed(jws, "kid", Optional.of(keyId));
      case THUMBPRINT -> isNamed(jws, "kid", thumbprint(jwk));
      case X5T -> isNamed(jws, "x5t", thumbprint(jwk));
      case BOTH -> isNamed(jws, "kid", Optional.of(keyId)) && isNamed(jws, "x5t", thumbprint(jwk));
      case NONE -> true;
    };
  }

  private static boolean isNamed(JsonWebSignature jws, String header, Optional<String> name) {
    name.ifPresent(known -> jws.setHeader(header, known));
    return name.isPresent();
  }

  /** RFC 7515 §4.1.7; from the certificate where the key names no thumbprint itself. */
  private static Optional<String> thumbprint(PublicJsonWebKey jwk) {
    return Optional.ofNullable(jwk.getX509CertificateSha1Thumbprint(true));
  }
}
