package org.tokenbroker.event;

import java.util.Optional;

/** What came of posting a letter. The receiver's body is never read. */
public sealed interface Receipt {
  /**
   * @param retryAfter header, as it came
   */
  record Answered(int status, Optional<String> retryAfter) implements Receipt {}

  /** No answer came; it may have arrived all the same. */
  record Unanswered(Failure failure) implements Receipt {}
}
