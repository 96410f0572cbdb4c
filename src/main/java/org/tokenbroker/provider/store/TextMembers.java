package org.tokenbroker.provider.store;

import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A flat JSON object of texts, its members in order: equal objects are equal texts. */
final class TextMembers {
  private TextMembers() {}

  static Map<String, String> read(String json) {
    Map<String, String> members = new TreeMap<>();
    new JsonObject(json)
        .forEach(member -> members.put(member.getKey(), String.valueOf(member.getValue())));
    return Collections.unmodifiableMap(members);
  }

  static String write(Map<String, String> members) {
    JsonObject json = new JsonObject();
    new TreeMap<>(members).forEach(json::put);
    return json.encode();
  }
}
