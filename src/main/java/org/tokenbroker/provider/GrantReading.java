package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/** What a success answer grants, by the places that the profile names. Pure. */
final class GrantReading {
  private static final String BEARER = "Bearer";

  /** A public fact is a short text: an id, a name, a URL. */
  private static final int LONGEST_FACT = 1024;

  private GrantReading() {}

  /** Absent where the answer holds no usable access token. */
  static Optional<GrantedTokens> read(ObjectNode json, Profile profile, Instant sentAt) {
    Profile.Response places = profile.response();
    Optional<Secret> accessToken = token(json, places.accessToken());
    Optional<String> tokenType = tokenType(json, profile);
    Optional<Secret> refreshToken = token(json, places.refreshToken());
    boolean refreshTokenUsable = refreshToken.isPresent() || isEmpty(json, places.refreshToken());
    if (accessToken.isEmpty() || tokenType.isEmpty() || !refreshTokenUsable) {
      return Optional.empty();
    }
    GrantedTokens granted =
        new GrantedTokens(
            accessToken.get(),
            tokenType.get(),
            ExpiryReading.lifetime(json, accessToken.get(), profile.expiry(), sentAt),
            ExpiryReading.isTold(json, accessToken.get(), profile.expiry()),
            refreshToken,
            ExpiryReading.refreshTokenEnd(json, profile, sentAt),
            Place.first(places.scope(), json).flatMap(scope -> scopes(scope, profile)),
            facts(json, places.metadata()));
    return Optional.of(
        switch (profile.refresh().mode()) {
          case REFRESH_TOKEN -> granted;
          case ACCESS_TOKEN -> granted.renewedByItself();
        });
  }

  /** The refresh token of an answer that grants no usable access token. */
  static Optional<Secret> refreshTokenAlone(ObjectNode json, Profile profile) {
    return switch (profile.refresh().mode()) {
      case REFRESH_TOKEN -> token(json, profile.response().refreshToken());
      case ACCESS_TOKEN -> Optional.empty();
    };
  }

  /**
   * Public facts of a document, by our names; several values of one place are joined by commas.
   * What is no text, number or truth value is left out.
   */
  static Map<String, String> facts(JsonNode document, Map<String, Place> places) {
    Map<String, String> facts = new LinkedHashMap<>();
    places.forEach(
        (name, place) -> {
          String value =
              place.all(document).stream()
                  .filter(JsonNode::isValueNode)
                  .map(JsonNode::asText)
                  .collect(Collectors.joining(","));
          if (!value.isEmpty() && value.length() <= LONGEST_FACT) {
            facts.put(name, value);
          }
        });
    return Map.copyOf(facts);
  }

  private static boolean isEmpty(ObjectNode json, List<Place> places) {
    return Place.first(places, json).map(JsonNode::asText).map(String::isBlank).orElse(true);
  }

  /**
   * RFC 6749 appendices A.12 and A.17: visible ASCII and space, so that it cannot break out of a
   * header.
   */
  private static Optional<Secret> token(ObjectNode json, List<Place> places) {
    return Place.first(places, json)
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank() && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E))
        .map(Secret::of);
  }

  /** RFC 6749 §7.1: a type that the client does not understand must not be used (C4). */
  private static Optional<String> tokenType(ObjectNode json, Profile profile) {
    String scheme = profile.resource().scheme();
    String expected = scheme.isBlank() ? BEARER : scheme;
    Optional<String> sent = Place.first(profile.response().tokenType(), json).map(JsonNode::asText);
    if (sent.isEmpty()) {
      return Optional.of(expected);
    }
    if (profile.response().tokenTypes().stream().anyMatch(sent.get()::equalsIgnoreCase)) {
      return Optional.of(expected);
    }
    return sent.filter(type -> type.equalsIgnoreCase(BEARER) || type.equalsIgnoreCase(expected));
  }

  /**
   * A text with the profile's separator, spaces or, where it holds none, commas between the scopes;
   * or an array of texts. Anything else counts as not told.
   */
  private static Optional<Scopes> scopes(JsonNode scope, Profile profile) {
    List<String> names = new ArrayList<>();
    if (scope.isTextual()) {
      String text = scope.asText().replace(profile.authorize().scopeSeparator(), " ");
      names.add(text.strip().contains(" ") ? text : text.replace(',', ' '));
    }
    for (JsonNode element : scope) {
      if (element.isTextual()) {
        names.add(element.asText());
      }
    }
    try {
      return Optional.of(Scopes.parse(String.join(" ", names))).filter(read -> !read.isEmpty());
    } catch (IllegalArgumentException notScopes) {
      return Optional.empty();
    }
  }
}
