package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * API keys in the safe, one document for each connection at {@code api-keys/<id>}. Field {@code
 * format} tells the layout; this one is 1.
 */
@ApplicationScoped
public class ApiKeys {
  private static final String FOLDER = "api-keys";
  private static final String FORMAT = "1";

  private final SecretSafe safe;

  ApiKeys(SecretSafe safe) {
    this.safe = safe;
  }

  /** Outcome of reading. */
  public sealed interface Read {
    record Found(ApiKey key, SafeVersion version) implements Read {}

    /**
     * @param version what a write must expect
     */
    record Absent(SafeVersion version) implements Read {}

    record Unavailable(SafeFault fault) implements Read {}
  }

  public Uni<Read> read(ConnectionId id) {
    return safe.read(path(id)).map(ApiKeys::decoded);
  }

  /**
   * @param expected the version that was read
   */
  public Uni<SafeWrite> write(ConnectionId id, ApiKey key, SafeVersion expected) {
    return safe.write(path(id), encoded(key), expected);
  }

  public Uni<SafeDestroy> destroy(ConnectionId id) {
    return safe.destroy(path(id));
  }

  private static Read decoded(SafeRead read) {
    return switch (read) {
      case SafeRead.Found found ->
          key(found.document())
              .<Read>map(key -> new Read.Found(key, found.version()))
              .orElseGet(() -> new Read.Unavailable(SafeFault.CORRUPT));
      case SafeRead.Absent absent -> new Read.Absent(absent.version());
      case SafeRead.Unavailable unavailable -> new Read.Unavailable(unavailable.fault());
    };
  }

  /** Empty where the document is not one of this format: it is then left alone. */
  private static Optional<ApiKey> key(SafeDocument document) {
    if (!document.field("format").equals(Optional.of(FORMAT))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ApiKey(
              Secret.of(text(document, "api_key")),
              Scopes.parse(text(document, "scope")),
              new Generation(Long.parseLong(text(document, "generation")))));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static String text(SafeDocument document, String field) {
    return document
        .field(field)
        .orElseThrow(() -> new IllegalArgumentException("field " + field + " is missing"));
  }

  private static SafeDocument encoded(ApiKey key) {
    return new SafeDocument(
        Map.of(
            "format", FORMAT,
            "api_key", key.value().reveal(),
            "scope", key.scopes().toString(),
            "generation", key.generation().toString()));
  }

  private static SafePath path(ConnectionId id) {
    return SafePath.of(FOLDER, id.value());
  }
}
