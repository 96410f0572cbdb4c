package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a request body.
 *
 * @param mediaType without its parameters, lower case; empty where there is none
 * @param values by name; empty where the body is not what the media type says
 * @param repeated names that stand in it more than once
 */
record Parameters(String mediaType, Map<String, String> values, Set<String> repeated) {
  static final String FORM = "application/x-www-form-urlencoded";
  static final String JSON = "application/json";

  static Parameters of(HttpServerRequest request, String body) {
    String header = Optional.ofNullable(request.getHeader("Content-Type")).orElse("");
    int end = header.indexOf(';');
    String type = (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return switch (type) {
      case FORM -> form(type, body);
      case JSON -> new Parameters(type, json(body), Set.of());
      default -> new Parameters(type, Map.of(), Set.of());
    };
  }

  private static Parameters form(String type, String body) {
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> repeated = new LinkedHashSet<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
        String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
        if (values.put(name, value) != null) {
          repeated.add(name);
        }
      }
    }
    return new Parameters(type, values, repeated);
  }

  private static Map<String, String> json(String body) {
    Map<String, String> values = new LinkedHashMap<>();
    try {
      new JsonObject(body).forEach(each -> values.put(each.getKey(), text(each.getValue())));
    } catch (DecodeException notJson) {
      return Map.of();
    }
    return values;
  }

  private static String text(Object value) {
    return value instanceof String text ? text : "";
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Never shows a value. */
  @Override
  public String toString() {
    return "Parameters" + values.keySet();
  }
}
