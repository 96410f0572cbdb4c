package org.tokenbroker.connection.store;

import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Metadata and facts as the ledger keeps them: a flat JSON object of text members. */
public final class FactsJson {
  private FactsJson() {}

  public static Map<String, String> read(String json) {
    Map<String, String> members = new TreeMap<>();
    new JsonObject(json)
        .forEach(member -> members.put(member.getKey(), String.valueOf(member.getValue())));
    return Collections.unmodifiableMap(members);
  }

  public static String write(Map<String, String> metadata) {
    JsonObject json = new JsonObject();
    metadata.forEach(json::put);
    return json.encode();
  }
}
