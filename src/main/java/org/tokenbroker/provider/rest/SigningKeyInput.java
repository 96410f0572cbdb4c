package org.tokenbroker.provider.rest;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.provider.KeyImport;
import org.tokenbroker.provider.KeyOrder;
import org.tokenbroker.provider.KeyWish;
import org.tokenbroker.token.Secret;

/** Reads what operators send of signing keys, naming every offending field at once. */
final class SigningKeyInput {
  private SigningKeyInput() {}

  static SigningKeyRequest checked(@Nullable SigningKeyRequest request) {
    if (request == null) {
      throw Fields.invalid("body", "must be a JSON object; {} has a key made");
    }
    Fields fields = new Fields();
    if (request.kid() != null && !KeyImport.isKeyId(request.kid())) {
      fields.refuse("kid", "must be 1 to 200 letters, digits or characters of . _ ~ = : @ + -");
    }
    if (request.rsaBits() != null && !KeyOrder.RSA_BITS.contains(request.rsaBits())) {
      fields.refuse("rsa_bits", "must be 2048, 3072 or 4096");
    }
    if (request.privateKeyJwk() != null && request.rsaBits() != null) {
      fields.refuse("rsa_bits", "must be left out where a key is brought");
    }
    if (request.privateKeyJwk() != null && request.certificate() != null) {
      fields.refuse(
          "certificate", "must be left out where a key is brought; give certificate_chain");
    }
    if (request.privateKeyJwk() == null && request.certificateChain() != null) {
      fields.refuse("certificate_chain", "must come together with its private_key_jwk");
    }
    fields.refuseIfFlawed();
    return request;
  }

  static Optional<KeyImport> brought(SigningKeyRequest request) {
    return Optional.ofNullable(request.privateKeyJwk())
        .map(
            jwk ->
                new KeyImport(
                    Secret.of(new JsonObject(jwk).encode()),
                    Optional.ofNullable(request.certificateChain()),
                    Optional.ofNullable(request.kid())));
  }

  static KeyWish wish(SigningKeyRequest request) {
    return new KeyWish(
        Optional.ofNullable(request.algorithm()),
        Optional.ofNullable(request.rsaBits()).orElse(KeyOrder.DEFAULT_RSA_BITS),
        Optional.ofNullable(request.kid()),
        Boolean.TRUE.equals(request.certificate()));
  }

  /** A name of another form names nothing. */
  static String keyId(String kid) {
    if (!KeyImport.isKeyId(kid)) {
      throw SigningKeyProblems.unknown();
    }
    return kid;
  }

  static Map<String, Object> members(String jwk) {
    return new JsonObject(jwk).getMap();
  }
}
