package org.tokenbroker.event;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.Secret;

/** Signing secrets in the safe, one document for each webhook at {@code webhooks/<id>}. */
@ApplicationScoped
public class WebhookSafe {
  private static final String FOLDER = "webhooks";
  private static final String CURRENT = "secret";
  private static final String PREVIOUS = "previous_secret";
  private static final String PREVIOUS_UNTIL = "previous_until";

  private final SecretSafe safe;

  WebhookSafe(SecretSafe safe) {
    this.safe = safe;
  }

  /** Outcome of reading. */
  sealed interface Read {
    record Found(WebhookSecrets secrets, SafeVersion version) implements Read {}

    record Absent(SafeVersion version) implements Read {}

    record Unavailable() implements Read {}
  }

  Uni<Read> read(WebhookId id) {
    return safe.read(path(id)).map(WebhookSafe::decoded);
  }

  Uni<SafeWrite> write(WebhookId id, WebhookSecrets secrets, SafeVersion expected) {
    return safe.write(path(id), encoded(secrets), expected);
  }

  Uni<SafeDestroy> destroy(WebhookId id) {
    return safe.destroy(path(id));
  }

  private static Read decoded(SafeRead read) {
    return switch (read) {
      case SafeRead.Found found ->
          secret(found.document(), CURRENT)
              .<Read>map(
                  current ->
                      new Read.Found(
                          new WebhookSecrets(current, previous(found.document())), found.version()))
              .orElseGet(() -> new Read.Absent(found.version()));
      case SafeRead.Absent absent -> new Read.Absent(absent.version());
      case SafeRead.Unavailable unavailable -> new Read.Unavailable();
    };
  }

  private static Optional<WebhookSecrets.Previous> previous(SafeDocument document) {
    return secret(document, PREVIOUS)
        .flatMap(
            secret ->
                document
                    .field(PREVIOUS_UNTIL)
                    .map(until -> new WebhookSecrets.Previous(secret, Instant.parse(until))));
  }

  private static Optional<SigningSecret> secret(SafeDocument document, String field) {
    return document.field(field).map(Secret::of).map(SigningSecret::of);
  }

  private static SafeDocument encoded(WebhookSecrets secrets) {
    Map<String, String> fields = new HashMap<>();
    fields.put(CURRENT, secrets.current().text().reveal());
    secrets
        .previous()
        .ifPresent(
            before -> {
              fields.put(PREVIOUS, before.secret().text().reveal());
              fields.put(PREVIOUS_UNTIL, before.until().toString());
            });
    return new SafeDocument(fields);
  }

  private static SafePath path(WebhookId id) {
    return SafePath.of(FOLDER, id.value());
  }
}
