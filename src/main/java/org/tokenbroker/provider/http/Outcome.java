package org.tokenbroker.provider.http;

import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.provider.TokenAnswer;
import org.tokenbroker.provider.TokenReply.Doubt;
import org.tokenbroker.provider.TokenReply.Obstacle;

/** What became of one HTTP request, before its answer is read. */
sealed interface Outcome {
  /**
   * At least the headers of an answer came.
   *
   * @param sentAt before the request was handed to the network
   * @param date {@code Date} header, as it came
   */
  record Answered(TokenAnswer answer, Instant sentAt, Instant receivedAt, Optional<String> date)
      implements Outcome {}

  /** Provably nothing of the request was written. */
  record Unsent(Obstacle obstacle) implements Outcome {}

  /** It may have been written, and no answer came. */
  record Unknown(Doubt doubt) implements Outcome {}
}
