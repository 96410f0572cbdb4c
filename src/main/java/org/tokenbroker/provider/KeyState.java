package org.tokenbroker.provider;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a signing key has come (IV-7). Transitions are methods of the states that allow them: no
 * key signs before somebody said that the provider knows it, and none comes back. The way is
 * generated, uploaded, active, retired; a key that is not wanted goes from any of them to retired.
 */
public sealed interface KeyState {
  /** Since when it is so. */
  Instant since();

  /**
   * For how long a superseded key stays among the published ones. An assertion that was signed with
   * it lives at most 10 minutes, and a replica that missed the news signs with it for one more.
   */
  Duration OVERLAP = Duration.ofMinutes(15);

  /** Only we know it. */
  record Generated(Instant since) implements KeyState {
    public Uploaded uploaded(Instant now) {
      return new Uploaded(now);
    }

    public Retired withdrawn(Instant now) {
      return new Retired(now, now);
    }
  }

  /** An operator says that the provider knows it. */
  record Uploaded(Instant since) implements KeyState {
    public Active activated(Instant now) {
      return new Active(now);
    }

    public Retired withdrawn(Instant now) {
      return new Retired(now, now);
    }
  }

  /** It signs. */
  record Active(Instant since) implements KeyState {
    /** Another one signs from now on. */
    public Retired superseded(Instant now) {
      return new Retired(now, now.plus(OVERLAP));
    }

    public Retired withdrawn(Instant now) {
      return new Retired(now, now);
    }
  }

  /**
   * It never signs again: its private part is destroyed.
   *
   * @param publishedUntil from then on its public part is not published any more
   */
  record Retired(Instant since, Instant publishedUntil) implements KeyState {}
}
