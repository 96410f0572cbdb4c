package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.platform.RetryAfter;
import org.tokenbroker.provider.PostConnectReply.Facts;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.PostConnectReply.Lacking;
import org.tokenbroker.provider.PostConnectReply.Learned;
import org.tokenbroker.provider.PostConnectReply.Refused;
import org.tokenbroker.provider.PostConnectReply.Throttled;
import org.tokenbroker.provider.PostConnectReply.Unavailable;
import org.tokenbroker.provider.TokenAnswer.Body;

/** Reads the answer of a provider's API by the profile's {@code post_connect}. Pure. */
public final class PostConnectReading {
  private static final String IDENTITY = "identity";
  private static final int LONGEST_IDENTITY = 256;
  private static final int LONGEST_URL = 2048;

  private PostConnectReading() {}

  /**
   * @param receivedAt a {@code Retry-After} date counts from it
   */
  public static PostConnectReply read(
      TokenAnswer answer, Profile.PostConnect wanted, Instant receivedAt) {
    return switch (answer.status()) {
      case 401, 403 -> new Refused();
      case 429 -> throttled(answer, receivedAt);
      case 503 ->
          answer.retryAfter().isPresent()
              ? throttled(answer, receivedAt)
              : new Unavailable(Hindrance.STATUS);
      default ->
          answer.status() / 100 == 2 ? success(answer, wanted) : new Unavailable(Hindrance.STATUS);
    };
  }

  private static Throttled throttled(TokenAnswer answer, Instant receivedAt) {
    Duration pause = RetryAfter.read(answer.retryAfter(), answer.resetAt(), receivedAt);
    return new Throttled(pause);
  }

  private static PostConnectReply success(TokenAnswer answer, Profile.PostConnect wanted) {
    return switch (answer.body()) {
      case Body.Cut() -> new Unavailable(Hindrance.NO_ANSWER);
      case Body.TimedOut() -> new Unavailable(Hindrance.NO_ANSWER);
      case Body.TooLarge() -> new Unavailable(Hindrance.UNREADABLE);
      case Body.Complete(String text) ->
          AnswerJson.document(answer.contentType(), text)
              .map(document -> success(document, wanted))
              .orElseGet(() -> new Unavailable(Hindrance.UNREADABLE));
    };
  }

  private static PostConnectReply success(JsonNode document, Profile.PostConnect wanted) {
    Map<String, String> metadata = GrantReading.facts(document, wanted.metadata());
    Optional<String> identity = wanted.identity().flatMap(place -> identity(document, place));
    Set<String> lacking = new LinkedHashSet<>(wanted.required());
    lacking.removeAll(metadata.keySet());
    if (wanted.identity().isPresent() && identity.isEmpty()) {
      lacking.add(IDENTITY);
    }
    return lacking.isEmpty()
        ? new Learned(facts(document, wanted, identity, metadata))
        : new Lacking(Set.copyOf(lacking));
  }

  private static Facts facts(
      JsonNode document,
      Profile.PostConnect wanted,
      Optional<String> identity,
      Map<String, String> metadata) {
    Optional<String> named =
        wanted.returnUrl().flatMap(place -> place.first(document)).map(JsonNode::asText);
    Optional<URI> returnUrl = named.flatMap(text -> returnUrl(text, wanted.returnHosts()));
    return new Facts(identity, metadata, returnUrl, named.isPresent() && returnUrl.isEmpty());
  }

  private static Optional<String> identity(JsonNode document, Place place) {
    return place
        .first(document)
        .filter(JsonNode::isValueNode)
        .map(JsonNode::asText)
        .filter(text -> !text.isBlank() && text.length() <= LONGEST_IDENTITY);
  }

  /** An owner's browser is sent there: {@code https}, a host of the list, nobody's credentials. */
  private static Optional<URI> returnUrl(String text, List<String> hosts) {
    if (text.length() > LONGEST_URL) {
      return Optional.empty();
    }
    try {
      URI url = new URI(text);
      boolean trusted =
          "https".equalsIgnoreCase(url.getScheme())
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && Variables.isAllowed(url.getHost(), hosts.stream());
      return trusted ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException noUrl) {
      return Optional.empty();
    }
  }
}
