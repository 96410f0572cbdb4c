package org.tokenbroker.safe.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;

/**
 * Reads the JSON of Vault, that of KV version 2 above all. Empty for whatever does not have the
 * documented shape; never an exception with text of it.
 */
final class VaultJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private VaultJson() {}

  /** From {@code GET <mount>/data/<path>}. A document of the broker has text fields only. */
  static Optional<SafeRead.Found> document(byte[] body) {
    JsonNode data = tree(body).path("data");
    JsonNode fields = data.path("data");
    Optional<SafeVersion> version = version(data.path("metadata"));
    if (!fields.isObject() || version.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!field.getValue().isTextual()) {
        return Optional.empty();
      }
      values.put(field.getKey(), field.getValue().textValue());
    }
    return Optional.of(new SafeRead.Found(new SafeDocument(values), version.get()));
  }

  /** From {@code POST <mount>/data/<path>}: the version that now holds the document. */
  static Optional<SafeVersion> written(byte[] body) {
    return version(tree(body).path("data"));
  }

  /**
   * From a 404 on {@code GET <mount>/data/<path>}: the newest version, all of them unreadable; 0
   * where it names none.
   */
  static long newestVersion(@Nullable String body) {
    return body == null
        ? 0
        : version(tree(body).path("data").path("metadata")).map(SafeVersion::value).orElse(0L);
  }

  /**
   * From {@code POST sys/capabilities-self} for one path: whether the token may create and update
   * there.
   */
  static Optional<Boolean> mayWrite(byte[] body) {
    JsonNode capabilities = tree(body).path("capabilities");
    if (!capabilities.isArray()) {
      return Optional.empty();
    }
    Set<String> named = new HashSet<>();
    capabilities.forEach(capability -> named.add(capability.asText()));
    return Optional.of(named.contains("root") || named.containsAll(Set.of("create", "update")));
  }

  private static Optional<SafeVersion> version(JsonNode holder) {
    JsonNode version = holder.path("version");
    return version.canConvertToLong() && version.longValue() > 0
        ? Optional.of(new SafeVersion(version.longValue()))
        : Optional.empty();
  }

  /** The body as JSON; a missing node where it is none. */
  static JsonNode tree(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (IOException notJson) {
      return MAPPER.missingNode();
    }
  }

  private static JsonNode tree(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException notJson) {
      return MAPPER.missingNode();
    }
  }
}
