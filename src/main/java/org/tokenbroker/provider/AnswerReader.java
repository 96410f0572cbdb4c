package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.platform.RetryAfter;
import org.tokenbroker.provider.ErrorRule.RequestKind;
import org.tokenbroker.provider.TokenAnswer.Body;
import org.tokenbroker.provider.TokenReply.Ambiguous;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Granted;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Rejected;
import org.tokenbroker.provider.TokenReply.Throttled;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.provider.TokenReply.WithoutAccessToken;

/**
 * Reads a token endpoint's answer by the rules of RFC 6749 §5 and of a profile. Pure: the same
 * answer gives the same reply.
 *
 * <p>Whatever leaves it open whether the request was processed is {@link Ambiguous}, never {@link
 * Rejected}: where refresh tokens are single-use, a wrong "not processed" costs the connection
 * . A profile's rule comes before the general reading: error codes lie.
 */
public final class AnswerReader {
  private final Profile profile;
  private final RequestKind request;
  private final TokenAnswer answer;
  private final Instant sentAt;
  private final Instant receivedAt;

  private AnswerReader(
      Profile profile,
      RequestKind request,
      TokenAnswer answer,
      Instant sentAt,
      Instant receivedAt) {
    this.profile = profile;
    this.request = request;
    this.answer = answer;
    this.sentAt = sentAt;
    this.receivedAt = receivedAt;
  }

  /**
   * @param sentAt when the request was sent: lifetimes count from it
   * @param receivedAt when the answer was there: a {@code Retry-After} date counts from it
   */
  public static TokenReply read(
      TokenAnswer answer,
      RequestKind request,
      Profile profile,
      Instant sentAt,
      Instant receivedAt) {
    return new AnswerReader(profile, request, answer, sentAt, receivedAt).read();
  }

  private TokenReply read() {
    return switch (answer.status() / 100) {
      case 2 -> success();
      case 4 -> byRule().orElseGet(this::refusal);
      case 5 -> byRule().orElseGet(this::failure);
      // Nothing follows a redirect: credentials never reach its target (C3).
      default -> new Rejected(Rejection.OTHER);
    };
  }

  private TokenReply success() {
    return switch (answer.body()) {
      case Body.Cut() -> new Ambiguous(Doubt.CUT);
      case Body.TimedOut() -> new Ambiguous(Doubt.TIMEOUT);
      case Body.TooLarge() -> new Ambiguous(Doubt.UNREADABLE);
      case Body.Complete(String text) ->
          AnswerJson.read(answer.contentType(), text)
              .map(this::success)
              .orElseGet(() -> new Ambiguous(Doubt.UNREADABLE));
    };
  }

  private TokenReply success(ObjectNode json) {
    boolean marked = profile.error().when().stream().anyMatch(mark -> mark.marks(json));
    boolean isError = marked || json.hasNonNull("error");
    if (isError) {
      return byRule(json).orElseGet(() -> refused(code(json)));
    }
    return GrantReading.read(json, profile, sentAt)
        .<TokenReply>map(Granted::new)
        .or(() -> withoutAccessToken(json))
        .orElseGet(() -> new Ambiguous(Doubt.UNREADABLE));
  }

  private Optional<TokenReply> withoutAccessToken(ObjectNode json) {
    return request == RequestKind.REFRESH_TOKEN
        ? GrantReading.refreshTokenAlone(json, profile)
            .map(
                token ->
                    new WithoutAccessToken(
                        token, ExpiryReading.refreshTokenEnd(json, profile, sentAt)))
        : Optional.empty();
  }

  private TokenReply refusal() {
    if (answer.status() == 429) {
      return new Throttled(pause());
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
              .map(json -> refused(code(json)))
              .orElseGet(() -> new Rejected(Rejection.OTHER));
    };
  }

  private TokenReply failure() {
    if (answer.status() != 503) {
      return new Ambiguous(Doubt.SERVER_ERROR);
    }
    return answer.retryAfter().isPresent()
        ? new Throttled(pause())
        : new Unreachable(Obstacle.UNAVAILABLE);
  }

  private Optional<TokenReply> byRule() {
    return answer.body() instanceof Body.Complete(String text)
        ? AnswerJson.read(answer.contentType(), text).flatMap(this::byRule).or(this::byStatusAlone)
        : Optional.empty();
  }

  /** A rule that names nothing but a status fits an answer that cannot be read, too. */
  private Optional<TokenReply> byStatusAlone() {
    return rule("", "");
  }

  private Optional<TokenReply> byRule(ObjectNode json) {
    String text = Place.first(profile.error().text(), json).map(JsonNode::asText).orElse("");
    return rule(code(json), text);
  }

  private Optional<TokenReply> rule(String code, String text) {
    return profile.error().rules().stream()
        .filter(rule -> rule.fits(request, answer.status(), code, text))
        .findFirst()
        .map(rule -> reply(rule.means()));
  }

  private TokenReply reply(ErrorRule.Meaning meaning) {
    return switch (meaning) {
      case TERMINAL -> new Rejected(Rejection.INVALID_GRANT);
      case UNCLEAR -> new Rejected(Rejection.GRANT_OR_CLIENT);
      case APP -> new Rejected(Rejection.INVALID_CLIENT);
      case SCOPE -> new Rejected(Rejection.INVALID_SCOPE);
      case REQUEST -> new Rejected(Rejection.INVALID_REQUEST);
      case TRANSIENT -> new Unreachable(Obstacle.UNAVAILABLE);
      case RATE -> new Throttled(pause());
      case AMBIGUOUS -> new Ambiguous(Doubt.SERVER_ERROR);
    };
  }

  private Duration pause() {
    return RetryAfter.read(answer.retryAfter(), answer.resetAt(), receivedAt);
  }

  private String code(ObjectNode json) {
    return Place.first(profile.error().code(), json).map(JsonNode::asText).orElse("");
  }

  /**
   * The codes of RFC 6749 §5.2, and the two of §4.1.2.1 that some servers send from their token
   * endpoint too.
   */
  private static TokenReply refused(String code) {
    return switch (code) {
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
}
