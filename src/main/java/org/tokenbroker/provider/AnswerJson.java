package org.tokenbroker.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * JSON of a stranger: one document, no member twice, bounded in depth and size. What was wrong is
 * not told: it may be secret.
 */
final class AnswerJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(TokenAnswer.DEPTH_LIMIT)
                          .maxStringLength(TokenAnswer.BODY_LIMIT)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private AnswerJson() {}

  /**
   * By the media type: JSON (RFC 8259, RFC 6839) or a form; any other text, or what has no type, is
   * one of them where it looks like it. Absent for any other type, and where the text is no
   * acceptable object.
   */
  static Optional<ObjectNode> read(Optional<String> contentType, String text) {
    return read(contentType.map(AnswerJson::mediaType).orElse(""), text);
  }

  private static Optional<ObjectNode> read(String mediaType, String text) {
    if (isJson(mediaType)) {
      return read(text);
    }
    if (!mayHoldAnything(mediaType)) {
      return Optional.empty();
    }
    return text.stripLeading().startsWith("{") ? read(text) : form(text.strip());
  }

  private static boolean mayHoldAnything(String mediaType) {
    return mediaType.isEmpty()
        || mediaType.startsWith("text/")
        || mediaType.equals("application/x-www-form-urlencoded");
  }

  /** Some servers answer with a form, and some of them call it plain text. */
  private static Optional<ObjectNode> form(String text) {
    ObjectNode object = MAPPER.createObjectNode();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      try {
        String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
        if (object.has(name)) {
          return Optional.empty();
        }
        object.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException badEscape) {
        return Optional.empty();
      }
    }
    return Optional.of(object);
  }

  static Optional<ObjectNode> read(String text) {
    return tree(text).flatMap(AnswerJson::object);
  }

  /** An object or array; absent where the media type is not JSON, or the text not acceptable. */
  static Optional<JsonNode> document(Optional<String> contentType, String text) {
    return contentType
        .map(AnswerJson::mediaType)
        .filter(AnswerJson::isJson)
        .flatMap(json -> tree(text))
        .filter(JsonNode::isContainerNode);
  }

  private static Optional<ObjectNode> object(JsonNode tree) {
    return tree instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
  }

  private static Optional<JsonNode> tree(String text) {
    try {
      return Optional.of(MAPPER.readTree(text));
    } catch (JsonProcessingException unreadable) {
      return Optional.empty();
    }
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return mediaType.strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isJson(String mediaType) {
    return mediaType.equals("application/json")
        || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
  }
}
