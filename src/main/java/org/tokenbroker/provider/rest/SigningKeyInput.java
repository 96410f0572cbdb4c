package org.tokenbroker.provider.rest;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.Problem.FieldError;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.provider.KeyImport;
import org.tokenbroker.provider.KeyOrder;
import org.tokenbroker.provider.KeyWish;
import org.tokenbroker.token.Secret;

/** Reads what operators send of signing keys, naming every offending field at once. */
final class SigningKeyInput {
  private SigningKeyInput() {}

  static SigningKeyRequest checked(@Nullable SigningKeyRequest request) {
    if (request == null) {
      throw invalid(List.of(new FieldError("body", "must be a JSON object; {} has a key made")));
    }
    List<FieldError> errors = new ArrayList<>();
    if (request.kid() != null && !KeyImport.isKeyId(request.kid())) {
      errors.add(
          new FieldError(
              "kid", "must be 1 to 200 letters, digits or characters of . _ ~ = : @ + -"));
    }
    if (request.rsaBits() != null && !KeyOrder.RSA_BITS.contains(request.rsaBits())) {
      errors.add(new FieldError("rsa_bits", "must be 2048, 3072 or 4096"));
    }
    if (request.privateKeyJwk() != null && request.rsaBits() != null) {
      errors.add(new FieldError("rsa_bits", "must be left out where a key is brought"));
    }
    if (request.privateKeyJwk() != null && request.certificate() != null) {
      errors.add(
          new FieldError(
              "certificate", "must be left out where a key is brought; give certificate_chain"));
    }
    if (request.privateKeyJwk() == null && request.certificateChain() != null) {
      errors.add(
          new FieldError("certificate_chain", "must come together with its private_key_jwk"));
    }
    if (!errors.isEmpty()) {
      throw invalid(errors);
    }
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

  private static ProblemException invalid(List<FieldError> errors) {
    return new ProblemException(Problem.invalid(errors));
  }
}
