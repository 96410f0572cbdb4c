package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
  private static final String PRIVATE_KEY = "private_key_jwk";

  private final SecretSafe safe;

  ClientSecretsSafe(SecretSafe safe) {
    this.safe = safe;
  }

  /** Outcome of reading. */
  public sealed interface Read {
    record Found(ClientSecrets secrets, SafeVersion version) implements Read {}

    record Absent(SafeVersion version) implements Read {}

    record Unavailable(SafeFault fault) implements Read {}
  }

  public Uni<Read> read(RegistrationId id) {
    return safe.read(path(id)).map(ClientSecretsSafe::decoded);
  }

  public Uni<SafeWrite> write(RegistrationId id, ClientSecrets secrets, SafeVersion expected) {
    return safe.write(path(id), encoded(secrets), expected);
  }

  public Uni<SafeDestroy> destroy(RegistrationId id) {
    return safe.destroy(path(id));
  }

  private static Read decoded(SafeRead read) {
    return switch (read) {
      case SafeRead.Found found ->
          found
              .document()
              .field(CLIENT_ID)
              .<Read>map(
                  clientId ->
                      new Read.Found(
                          secrets(Secret.of(clientId), found.document()), found.version()))
              .orElseGet(() -> new Read.Absent(found.version()));
      case SafeRead.Absent absent -> new Read.Absent(absent.version());
      case SafeRead.Unavailable unavailable -> new Read.Unavailable(unavailable.fault());
    };
  }

  private static ClientSecrets secrets(Secret clientId, SafeDocument document) {
    return new ClientSecrets(
        clientId, secret(document, CLIENT_SECRET), secret(document, PRIVATE_KEY));
  }

  private static Optional<Secret> secret(SafeDocument document, String field) {
    return document.field(field).map(Secret::of);
  }

  private static SafeDocument encoded(ClientSecrets secrets) {
    Map<String, String> fields = new HashMap<>();
    fields.put(CLIENT_ID, secrets.clientId().reveal());
    secrets.clientSecret().ifPresent(secret -> fields.put(CLIENT_SECRET, secret.reveal()));
    secrets.privateKey().ifPresent(secret -> fields.put(PRIVATE_KEY, secret.reveal()));
    return new SafeDocument(fields);
  }

  private static SafePath path(RegistrationId id) {
    return SafePath.of(FOLDER, id.value());
  }
}
