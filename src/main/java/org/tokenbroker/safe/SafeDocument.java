package org.tokenbroker.safe;

import java.util.Map;
import java.util.Optional;

/**
 * What one path of the safe holds: named text fields, all of them secret. Masks its values.
 *
 * @param fields field name to value; the order carries no meaning
 */
public record SafeDocument(Map<String, String> fields) {
  public SafeDocument {
    fields = Map.copyOf(fields);
  }

  public Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** Names the fields only. */
  @Override
  public String toString() {
    return "SafeDocument" + fields.keySet().stream().sorted().toList();
  }
}
