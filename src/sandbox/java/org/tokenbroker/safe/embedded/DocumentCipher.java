package org.tokenbroker.safe.embedded;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.Aead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeVersion;

/**
 * Encrypts documents, each bound to its path and version: a row that is moved to another path or
 * put back as a later version does not open.
 */
final class DocumentCipher {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

  private final Aead aead;

  DocumentCipher(Aead aead) {
    this.aead = aead;
  }

  byte[] seal(SafePath path, SafeVersion version, SafeDocument document) {
    try {
      return aead.encrypt(MAPPER.writeValueAsBytes(document.fields()), boundTo(path, version));
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("the key of the embedded safe cannot encrypt", broken);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** Empty if it was sealed with another key, for another path or version, or was changed since. */
  Optional<SafeDocument> open(SafePath path, SafeVersion version, byte[] ciphertext) {
    try {
      return Optional.of(
          new SafeDocument(
              MAPPER.readValue(aead.decrypt(ciphertext, boundTo(path, version)), FIELDS)));
    } catch (GeneralSecurityException | IOException foreign) {
      return Optional.empty();
    }
  }

  /** No path holds a line break. */
  private static byte[] boundTo(SafePath path, SafeVersion version) {
    return (path.value() + "\n" + version.value()).getBytes(StandardCharsets.UTF_8);
  }
}
