package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Secret;

/**
 * When a token ends: from the answer, else from the token itself where it is a JWT, else by the
 * profile's default (MO-9).
 */
final class ExpiryReading {
  /** Taken off each end, so that a token never ends on its way (reliability §2.2 rule 1). */
  static final Duration MARGIN = Duration.ofSeconds(5);

  /**
   * No life is believed to be longer: a slip of the provider must not stop renewal for good (G-8).
   */
  static final Duration LONGEST = Duration.ofDays(365);

  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,400}(\\.\\d{1,400})?");

  private ExpiryReading() {}

  static Lifetime lifetime(
      ObjectNode json, Secret accessToken, Profile.Expiry expiry, Instant sentAt) {
    Instant end =
        end(json, expiry.fields(), sentAt)
            .or(() -> jwtEnd(accessToken, sentAt))
            .orElseGet(() -> after(expiry.defaultLifetime().toSeconds(), sentAt));
    return new Lifetime(sentAt, end);
  }

  /** By the first of these fields that holds a number of seconds. */
  static Optional<Instant> end(ObjectNode json, List<String> fields, Instant sentAt) {
    return fields.stream()
        .map(field -> seconds(json.path(field)))
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .map(seconds -> after(seconds.getAsDouble(), sentAt));
  }

  private static Optional<Instant> jwtEnd(Secret accessToken, Instant sentAt) {
    return claims(accessToken.reveal())
        .map(claims -> claims.path("exp"))
        .filter(JsonNode::isNumber)
        .map(exp -> after(exp.asDouble() - sentAt.toEpochMilli() / 1000.0, sentAt));
  }

  /** The claims of a signed JWT (RFC 7519 §3), read without trust: they only move our own clock. */
  private static Optional<ObjectNode> claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
      return AnswerJson.read(new String(payload, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static OptionalDouble seconds(JsonNode value) {
    if (value.isNumber()) {
      return OptionalDouble.of(value.asDouble());
    }
    String text = value.isTextual() ? value.asText().strip() : "";
    return NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  private static Instant after(double seconds, Instant sentAt) {
    double believed = Math.clamp(seconds, 0, LONGEST.toSeconds());
    Instant end = sentAt.plusMillis((long) (believed * 1000)).minus(MARGIN);
    return end.isBefore(sentAt) ? sentAt : end;
  }
}
