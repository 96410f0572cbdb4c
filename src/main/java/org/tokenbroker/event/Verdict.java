package org.tokenbroker.event;

import java.time.Instant;

/** What becomes of a delivery after an attempt. */
sealed interface Verdict {
  /** The receiver has it (2xx). */
  record Delivered() implements Verdict {}

  /** The receiver wants nothing any more (410). */
  record Gone() implements Verdict {}

  record Again(Failure failure, Instant at) implements Verdict {}

  /** The time for trying is over. */
  record GivenUp(Failure failure) implements Verdict {}
}
