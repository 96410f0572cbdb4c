package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
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

  private static final Pattern BASIC_OFFSET = Pattern.compile("(?<=:.{2,20})([+-]\\d{2})(\\d{2})$");

  private ExpiryReading() {}

  static Lifetime lifetime(
      ObjectNode json, Secret accessToken, Profile.Expiry expiry, Instant sentAt) {
    Instant end =
        expiry.never()
            ? after(LONGEST.toSeconds(), sentAt)
            : end(json, expiry.fields(), expiry, sentAt)
                .or(() -> jwtEnd(accessToken, sentAt))
                .orElseGet(() -> after(expiry.defaultLifetime().toSeconds(), sentAt));
    return new Lifetime(sentAt, end);
  }

  /** Whether answer or token say when the token ends. */
  static boolean isTold(ObjectNode json, Secret accessToken, Profile.Expiry expiry) {
    return expiry.never()
        || end(json, expiry.fields(), expiry, Instant.EPOCH).isPresent()
        || jwtEnd(accessToken, Instant.EPOCH).isPresent();
  }

  /** By the first of these places that says it in the profile's way. */
  static Optional<Instant> end(
      ObjectNode json, List<Place> places, Profile.Expiry expiry, Instant sentAt) {
    return places.stream()
        .flatMap(place -> place.first(json).stream())
        .map(value -> secondsLeft(value, expiry, sentAt))
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .flatMap(left -> end(left.getAsDouble(), expiry, sentAt));
  }

  /**
   * Of a refresh token. A life of zero says that it has no end: nobody hands out one that is over.
   */
  static Optional<Instant> refreshTokenEnd(ObjectNode json, Profile profile, Instant sentAt) {
    return end(json, profile.refresh().expiryFields(), profile.expiry(), sentAt)
        .filter(sentAt::isBefore);
  }

  private static Optional<Instant> end(double left, Profile.Expiry expiry, Instant sentAt) {
    if (left != 0 || expiry.mode() != Profile.Expiry.Mode.RELATIVE) {
      return Optional.of(after(left, sentAt));
    }
    return switch (expiry.zeroMeans()) {
      case EXPIRED -> Optional.of(after(0, sentAt));
      case DEFAULT -> Optional.empty();
      case NEVER -> Optional.of(after(LONGEST.toSeconds(), sentAt));
    };
  }

  private static OptionalDouble secondsLeft(JsonNode value, Profile.Expiry expiry, Instant sentAt) {
    double now = sentAt.toEpochMilli() / 1000.0;
    return switch (expiry.mode()) {
      case RELATIVE -> inSeconds(number(value), expiry.unit());
      case EPOCH -> minus(inSeconds(number(value), expiry.unit()), now);
      case DATE -> minus(date(value), now);
    };
  }

  private static OptionalDouble inSeconds(OptionalDouble number, Profile.Expiry.Unit unit) {
    return switch (unit) {
      case SECONDS -> number;
      case MILLISECONDS ->
          number.isPresent() ? OptionalDouble.of(number.getAsDouble() / 1000) : number;
    };
  }

  private static OptionalDouble minus(OptionalDouble time, double now) {
    return time.isPresent() ? OptionalDouble.of(time.getAsDouble() - now) : time;
  }

  /** ISO 8601 with an offset in either form; without one it is read as UTC. */
  private static OptionalDouble date(JsonNode value) {
    String text = value.asText().strip().replace(' ', 'T');
    text = BASIC_OFFSET.matcher(text).replaceFirst("$1:$2");
    try {
      return OptionalDouble.of(OffsetDateTime.parse(text).toInstant().toEpochMilli() / 1000.0);
    } catch (DateTimeParseException noOffset) {
      try {
        return OptionalDouble.of(
            LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli() / 1000.0);
      } catch (DateTimeParseException noDate) {
        return OptionalDouble.empty();
      }
    }
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

  private static OptionalDouble number(JsonNode value) {
    if (value.isNumber()) {
      return OptionalDouble.of(value.asDouble());
    }
    String text = value.isTextual() ? value.asText().strip() : "";
    return NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  static Instant after(double seconds, Instant sentAt) {
    double believed = Math.clamp(seconds, 0, LONGEST.toSeconds());
    Instant end = sentAt.plusMillis((long) (believed * 1000)).minus(MARGIN);
    return end.isBefore(sentAt) ? sentAt : end;
  }
}
