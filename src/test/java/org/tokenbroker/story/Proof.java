package org.tokenbroker.story;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.tokenbroker.sandbox.OAuthClient;
import org.tokenbroker.sandbox.OAuthClient.Authentication;

/** How a client of the stories proves itself: the broker's half and the provider's half. */
enum Proof {
  SECRET_IN_HEADER {
    @Override
    Pair make(Canaries canaries) {
      String secret = secret(canaries);
      return new Pair(
          secretFields("client_secret_basic", secret), new OAuthClient.SecretBasic(secret));
    }
  },
  SECRET_IN_BODY {
    @Override
    Pair make(Canaries canaries) {
      String secret = secret(canaries);
      return new Pair(
          secretFields("client_secret_post", secret), new OAuthClient.SecretPost(secret));
    }
  },
  SIGNED_ASSERTION {
    @Override
    Pair make(Canaries canaries) {
      try {
        EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId("story-key");
        key.setUse("sig");
        key.setAlgorithm("ES256");
        JsonObject jwk = new JsonObject(key.toJson(OutputControlLevel.INCLUDE_PRIVATE));
        canaries.plant("private key", jwk.getString("d"));
        return new Pair(
            new JsonObject()
                .put("client_authentication", "private_key_jwt")
                .put("signing_algorithm", "ES256")
                .put("private_key_jwk", jwk),
            new OAuthClient.PrivateKeyJwt(new JsonWebKeySet(List.of(key)).toJson()));
      } catch (JoseException e) {
        throw new IllegalStateException("this Java makes no EC key", e);
      }
    }
  };

  /**
   * @param registration fields for the management API
   * @param authentication what the provider checks
   */
  record Pair(JsonObject registration, Authentication authentication) {}

  /** A new secret or key. */
  abstract Pair make(Canaries canaries);

  /** Has characters that a sloppy encoding breaks (C2). */
  private static String secret(Canaries canaries) {
    return canaries.plant("client secret", World.marked("secret") + " :%+/&=\u00e9");
  }

  private static JsonObject secretFields(String method, String secret) {
    return new JsonObject().put("client_authentication", method).put("client_secret", secret);
  }
}
