package org.tokenbroker.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;

/**
 * JSON of a stranger: one object, no member twice, bounded in depth and size. What was wrong is not
 * told: it may be secret.
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
   * Absent where the media type is not JSON (RFC 8259, RFC 6839) or the text is no acceptable
   * object.
   */
  static Optional<ObjectNode> read(Optional<String> contentType, String text) {
    return contentType.filter(AnswerJson::isJson).flatMap(type -> read(text));
  }

  static Optional<ObjectNode> read(String text) {
    try {
      return MAPPER.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException unreadable) {
      return Optional.empty();
    }
  }

  private static boolean isJson(String contentType) {
    int parameters = contentType.indexOf(';');
    String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
    String name = mediaType.strip().toLowerCase(Locale.ROOT);
    return name.equals("application/json")
        || (name.startsWith("application/") && name.endsWith("+json"));
  }
}
