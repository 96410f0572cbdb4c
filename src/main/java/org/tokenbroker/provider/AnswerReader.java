package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.provider.TokenAnswer.Body;
import org.tokenbroker.provider.TokenReply.Ambiguous;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Granted;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Rejected;
import org.tokenbroker.provider.TokenReply.Throttled;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * Reads a token endpoint's answer by the rules of RFC 6749 §5 and of a profile. Pure: the same
 * answer gives the same reply.
 *
 * <p>Whatever leaves it open whether the request was processed is {@link Ambiguous}, never {@link
 * Rejected}: where refresh tokens are single-use, a wrong "not processed" costs the connection
 * (X-4).
 */
public final class AnswerReader {
  private static final String BEARER = "Bearer";

  private AnswerReader() {}

  /**
   * @param sentAt when the request was sent: lifetimes count from it
   * @param receivedAt when the answer was there: a {@code Retry-After} date counts from it
   */
  public static TokenReply read(
      TokenAnswer answer, Profile profile, Instant sentAt, Instant receivedAt) {
    return switch (answer.status() / 100) {
      case 2 -> success(answer, profile, sentAt);
      case 4 -> refusal(answer, receivedAt);
      case 5 -> failure(answer, receivedAt);
      // Nothing follows a redirect: credentials never reach its target (C3).
      default -> new Rejected(Rejection.OTHER);
    };
  }

  private static TokenReply success(TokenAnswer answer, Profile profile, Instant sentAt) {
    return switch (answer.body()) {
      case Body.Cut() -> new Ambiguous(Doubt.CUT);
      case Body.TimedOut() -> new Ambiguous(Doubt.TIMEOUT);
      case Body.TooLarge() -> new Ambiguous(Doubt.UNREADABLE);
      case Body.Complete(String text) ->
          AnswerJson.read(answer.contentType(), text)
              .map(json -> success(json, profile, sentAt))
              .orElseGet(() -> new Ambiguous(Doubt.UNREADABLE));
    };
  }

  private static TokenReply success(ObjectNode json, Profile profile, Instant sentAt) {
    if (json.hasNonNull("error")) {
      return refused(json.get("error"));
    }
    return granted(json, profile, sentAt)
        .<TokenReply>map(Granted::new)
        .orElseGet(() -> new Ambiguous(Doubt.UNREADABLE));
  }

  private static Optional<GrantedTokens> granted(ObjectNode json, Profile profile, Instant sentAt) {
    Optional<Secret> accessToken = token(json, "access_token");
    Optional<String> tokenType = tokenType(json, profile.resource().scheme());
    boolean refreshTokenUsable =
        !json.hasNonNull("refresh_token")
            || json.path("refresh_token").asText().isBlank()
            || token(json, "refresh_token").isPresent();
    if (accessToken.isEmpty() || tokenType.isEmpty() || !refreshTokenUsable) {
      return Optional.empty();
    }
    return Optional.of(
        new GrantedTokens(
            accessToken.get(),
            tokenType.get(),
            ExpiryReading.lifetime(json, accessToken.get(), profile.expiry(), sentAt),
            token(json, "refresh_token"),
            ExpiryReading.end(json, profile.refresh().expiryFields(), sentAt),
            scopes(json.path("scope"))));
  }

  private static TokenReply refusal(TokenAnswer answer, Instant receivedAt) {
    if (answer.status() == 429) {
      return new Throttled(RetryAfter.read(answer.retryAfter(), receivedAt));
    }
    if (answer.status() == 408) {
      return new Ambiguous(Doubt.TIMEOUT);
    }
    return switch (answer.body()) {
      case Body.Cut() -> new Ambiguous(Doubt.CUT);
      case Body.TimedOut() -> new Ambiguous(Doubt.TIMEOUT);
      case Body.TooLarge() -> new Rejected(Rejection.OTHER);
      case Body.Complete(String text) ->
          AnswerJson.read(answer.contentType(), text)
              .map(json -> refused(json.path("error")))
              .orElseGet(() -> new Rejected(Rejection.OTHER));
    };
  }

  private static TokenReply failure(TokenAnswer answer, Instant receivedAt) {
    if (answer.status() != 503) {
      return new Ambiguous(Doubt.SERVER_ERROR);
    }
    return answer.retryAfter().isPresent()
        ? new Throttled(RetryAfter.read(answer.retryAfter(), receivedAt))
        : new Unreachable(Obstacle.UNAVAILABLE);
  }

  /**
   * The codes of RFC 6749 §5.2, and the two of §4.1.2.1 that some servers send from their token
   * endpoint too.
   */
  private static TokenReply refused(JsonNode error) {
    return switch (error.asText()) {
      case "invalid_grant" -> new Rejected(Rejection.INVALID_GRANT);
      case "invalid_client" -> new Rejected(Rejection.INVALID_CLIENT);
      case "unauthorized_client" -> new Rejected(Rejection.UNAUTHORIZED_CLIENT);
      case "invalid_scope" -> new Rejected(Rejection.INVALID_SCOPE);
      case "unsupported_grant_type" -> new Rejected(Rejection.UNSUPPORTED_GRANT_TYPE);
      case "invalid_request" -> new Rejected(Rejection.INVALID_REQUEST);
      case "server_error" -> new Ambiguous(Doubt.SERVER_ERROR);
      case "temporarily_unavailable" -> new Unreachable(Obstacle.UNAVAILABLE);
      default -> new Rejected(Rejection.OTHER);
    };
  }

  /**
   * RFC 6749 appendices A.12 and A.17: visible ASCII and space, so that it cannot break out of a
   * header.
   */
  private static Optional<Secret> token(ObjectNode json, String field) {
    JsonNode value = json.path(field);
    boolean usable =
        value.isTextual()
            && !value.asText().isBlank()
            && value.asText().chars().allMatch(c -> c >= 0x20 && c <= 0x7E);
    return usable ? Optional.of(Secret.of(value.asText())) : Optional.empty();
  }

  /** RFC 6749 §7.1: a type that the client does not understand must not be used (C4). */
  private static Optional<String> tokenType(ObjectNode json, String scheme) {
    String expected = scheme.isBlank() ? BEARER : scheme;
    if (!json.hasNonNull("token_type")) {
      return Optional.of(expected);
    }
    String sent = json.path("token_type").asText();
    return sent.equalsIgnoreCase(BEARER) || sent.equalsIgnoreCase(expected)
        ? Optional.of(sent)
        : Optional.empty();
  }

  /** A space-separated text, or an array of texts; anything else counts as not told. */
  private static Optional<Scopes> scopes(JsonNode scope) {
    List<String> names = new ArrayList<>();
    if (scope.isTextual()) {
      names.add(scope.asText());
    }
    for (JsonNode element : scope) {
      names.add(element.asText());
    }
    try {
      return Optional.of(Scopes.parse(String.join(" ", names))).filter(read -> !read.isEmpty());
    } catch (IllegalArgumentException notScopes) {
      return Optional.empty();
    }
  }
}
