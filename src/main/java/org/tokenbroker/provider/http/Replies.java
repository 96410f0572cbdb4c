package org.tokenbroker.provider.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.provider.AnswerReader;
import org.tokenbroker.provider.ErrorRule.RequestKind;
import org.tokenbroker.provider.IntrospectionReader;
import org.tokenbroker.provider.PostConnectReading;
import org.tokenbroker.provider.PostConnectReply;
import org.tokenbroker.provider.PostConnectReply.Hindrance;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.RevocationReader;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenReply.Ambiguous;
import org.tokenbroker.provider.TokenReply.Granted;
import org.tokenbroker.provider.TokenReply.Obstacle;
import org.tokenbroker.provider.TokenReply.Rejected;
import org.tokenbroker.provider.TokenReply.Throttled;
import org.tokenbroker.provider.TokenReply.Unreachable;
import org.tokenbroker.provider.TokenReply.WithoutAccessToken;
import org.tokenbroker.provider.http.Outcome.Answered;
import org.tokenbroker.provider.http.Outcome.Unknown;
import org.tokenbroker.provider.http.Outcome.Unsent;
import org.tokenbroker.provider.http.ProviderGuard.Judged;
import org.tokenbroker.provider.http.ProviderGuard.Verdict;

/** What an outcome means to the caller and to the provider's guard. Pure. */
final class Replies {
  static final RevokeReply REVOKE_LATER = new RevokeReply.Later(Duration.ofSeconds(30));

  private static final Verdict SOUND = new Verdict.Sound();
  private static final Verdict FAULT = new Verdict.Fault();

  private Replies() {}

  static Judged<TokenReply> token(Outcome outcome, RequestKind request, Profile profile) {
    TokenReply reply =
        switch (outcome) {
          case Answered answered ->
              AnswerReader.read(
                  answered.answer(), request, profile, answered.sentAt(), answered.receivedAt());
          case Unsent unsent -> new Unreachable(unsent.obstacle());
          case Unknown unknown -> new Ambiguous(unknown.doubt());
        };
    return new Judged<>(reply, verdict(reply));
  }

  /**
   * A refusal is the caller's matter, never the provider's: {@code invalid_grant} opens no breaker.
   */
  private static Verdict verdict(TokenReply reply) {
    return switch (reply) {
      case Granted granted -> SOUND;
      case WithoutAccessToken refreshTokenAlone -> SOUND;
      case Rejected rejected -> SOUND;
      case Throttled throttled -> new Verdict.Pause(throttled.retryAfter());
      case Unreachable unreachable -> verdict(unreachable.obstacle());
      case Ambiguous ambiguous -> FAULT;
    };
  }

  /** What we did not even try says nothing of the provider. */
  private static Verdict verdict(Obstacle obstacle) {
    return switch (obstacle) {
      case HELD_BACK, ADDRESS_REFUSED, CREDENTIAL_UNUSABLE -> SOUND;
      case CONNECT, TLS, UNAVAILABLE -> FAULT;
    };
  }

  /** Whatever it answers, the token endpoint is not to blame. */
  static Judged<Optional<Instant>> introspection(Outcome outcome) {
    return new Judged<>(
        switch (outcome) {
          case Answered answered ->
              IntrospectionReader.end(answered.answer(), answered.receivedAt());
          case Unsent unsent -> Optional.empty();
          case Unknown unknown -> Optional.empty();
        },
        SOUND);
  }

  static Judged<RevokeReply> revoke(Outcome outcome) {
    return switch (outcome) {
      case Answered answered ->
          judged(
              RevocationReader.read(answered.answer(), answered.receivedAt()),
              answered.answer().status(),
              answered.answer().retryAfter().isPresent());
      case Unsent unsent -> new Judged<>(REVOKE_LATER, verdict(unsent.obstacle()));
      case Unknown unknown -> new Judged<>(REVOKE_LATER, FAULT);
    };
  }

  /**
   * Whatever its API does, the provider's token endpoint is not to blame: the caller waits, nobody
   * else.
   */
  static Judged<PostConnectReply> postConnect(Outcome outcome, Profile.PostConnect wanted) {
    return new Judged<>(
        switch (outcome) {
          case Answered answered ->
              PostConnectReading.read(answered.answer(), wanted, answered.receivedAt());
          case Unsent unsent -> new PostConnectReply.Unavailable(hindrance(unsent.obstacle()));
          case Unknown unknown -> new PostConnectReply.Unavailable(Hindrance.NO_ANSWER);
        },
        SOUND);
  }

  private static Hindrance hindrance(Obstacle obstacle) {
    return switch (obstacle) {
      case CONNECT, TLS, UNAVAILABLE -> Hindrance.UNREACHABLE;
      case ADDRESS_REFUSED -> Hindrance.ADDRESS_REFUSED;
      case CREDENTIAL_UNUSABLE -> Hindrance.CREDENTIAL_UNUSABLE;
      case HELD_BACK -> Hindrance.HELD_BACK;
    };
  }

  private static Judged<RevokeReply> judged(RevokeReply reply, int status, boolean pauseAsked) {
    boolean throttled = status == 429 || (status == 503 && pauseAsked);
    if (throttled && reply instanceof RevokeReply.Later(Duration after)) {
      return new Judged<>(reply, new Verdict.Pause(after));
    }
    return new Judged<>(reply, status >= 500 ? FAULT : SOUND);
  }
}
