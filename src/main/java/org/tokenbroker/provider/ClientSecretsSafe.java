package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/**
 * Secrets of registrations in the safe, one document for each at {@code registrations/<id>} (IV-6,
 * BE-2).
 */
@ApplicationScoped
public class ClientSecretsSafe {
  private static final String FOLDER = "registrations";
  private static final String CLIENT_ID = "client_id";
  private static final String CLIENT_SECRET = "client_secret";

  /** A JWK Set of private keys (RFC 7517 §5). */
  private static final String PRIVATE_KEYS = "private_keys";

  /** A registration's only key, as earlier versions wrote it. */
  private static final String PRIVATE_KEY = "private_key_jwk";

  private final SecretSafe safe;

  ClientSecretsSafe(SecretSafe safe) {
    this.safe = safe;
  }

  /** Outcome of reading. */
  public sealed interface Read {
    record Found(KeptSecrets secrets, SafeVersion version) implements Read {}

    record Absent(SafeVersion version) implements Read {}

    record Unavailable(SafeFault fault) implements Read {}
  }

  public Uni<Read> read(RegistrationId id) {
    return safe.read(path(id)).map(ClientSecretsSafe::decoded);
  }

  public Uni<SafeWrite> write(RegistrationId id, KeptSecrets secrets, SafeVersion expected) {
    return safe.write(path(id), encoded(secrets), expected);
  }

  public Uni<SafeDestroy> destroy(RegistrationId id) {
    return safe.destroy(path(id));
  }

  /** What was held before that version is gone for good. */
  Uni<SafeDestroy> destroyBefore(RegistrationId id, SafeVersion version) {
    return safe.destroyBefore(path(id), version);
  }

  private static Read decoded(SafeRead read) {
    return switch (read) {
      case SafeRead.Found found ->
          found
              .document()
              .field(CLIENT_ID)
              .map(clientId -> decoded(Secret.of(clientId), found))
              .orElseGet(() -> new Read.Absent(found.version()));
      case SafeRead.Absent absent -> new Read.Absent(absent.version());
      case SafeRead.Unavailable unavailable -> new Read.Unavailable(unavailable.fault());
    };
  }

  private static Read decoded(Secret clientId, SafeRead.Found found) {
    SafeDocument document = found.document();
    Optional<Secret> clientSecret = document.field(CLIENT_SECRET).map(Secret::of);
    return keys(document)
        .<Read>map(
            keys -> new Read.Found(new KeptSecrets(clientId, clientSecret, keys), found.version()))
        .orElseGet(() -> new Read.Unavailable(SafeFault.CORRUPT));
  }

  /** Absent where they cannot be read: what is written next must not lose one. */
  private static Optional<List<SigningKey>> keys(SafeDocument document) {
    return document
        .field(PRIVATE_KEYS)
        .map(ClientSecretsSafe::keySet)
        .orElseGet(
            () ->
                Optional.of(
                    document.field(PRIVATE_KEY).map(Secret::of).flatMap(SigningKey::of).stream()
                        .toList()));
  }

  private static Optional<List<SigningKey>> keySet(String text) {
    try {
      List<SigningKey> keys =
          new JsonWebKeySet(text)
              .getJsonWebKeys().stream()
                  .map(PublicJsonWebKey.class::cast)
                  .map(SigningKey::of)
                  .flatMap(Optional::stream)
                  .toList();
      return Optional.of(keys);
    } catch (JoseException | RuntimeException malformed) {
      return Optional.empty();
    }
  }

  private static SafeDocument encoded(KeptSecrets secrets) {
    Map<String, String> fields = new HashMap<>();
    fields.put(CLIENT_ID, secrets.clientId().reveal());
    secrets.clientSecret().ifPresent(secret -> fields.put(CLIENT_SECRET, secret.reveal()));
    if (!secrets.keys().isEmpty()) {
      fields.put(PRIVATE_KEYS, keySet(secrets.keys()));
    }
    return new SafeDocument(fields);
  }

  private static String keySet(List<SigningKey> keys) {
    return keys.stream()
        .map(key -> key.jwk().reveal())
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  private static SafePath path(RegistrationId id) {
    return SafePath.of(FOLDER, id.value());
  }
}
