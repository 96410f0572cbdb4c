package org.tokenbroker.safe.vault;

import java.time.Duration;
import java.time.Instant;
import org.tokenbroker.safe.SafeFault;

/**
 * How soon something that failed may be tried again: 1 s after the first failure, doubled by each
 * further one up to a cap, less up to a fifth at random so that replicas do not march in step. A
 * refusal needs a human, so it is capped at 5 min; an outage ends by itself, so it is capped at 30
 * s.
 *
 * @param failures in a row
 * @param notBefore earliest next try
 */
record Pace(int failures, Instant notBefore) {
  static final Pace UNHINDERED = new Pace(0, Instant.MIN);

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration REFUSED_CAP = Duration.ofMinutes(5);
  private static final Duration OUTAGE_CAP = Duration.ofSeconds(30);
  private static final double JITTER_SHARE = 0.2;
  private static final int MAX_DOUBLINGS = 9;

  boolean allows(Instant now) {
    return !now.isBefore(notBefore);
  }

  /**
   * @param jitter from 0 to 1
   */
  Pace failed(SafeFault fault, Instant now, double jitter) {
    Duration cap =
        switch (fault) {
          case FORBIDDEN, CORRUPT -> REFUSED_CAP;
          case UNREACHABLE, NOT_SERVING -> OUTAGE_CAP;
        };
    Duration doubled = FIRST.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    Duration capped = doubled.compareTo(cap) < 0 ? doubled : cap;
    long jittered = Math.round(capped.toMillis() * (1 - JITTER_SHARE * jitter));
    return new Pace(failures + 1, now.plusMillis(Math.max(FIRST.toMillis(), jittered)));
  }
}
