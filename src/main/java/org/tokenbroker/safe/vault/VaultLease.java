package org.tokenbroker.safe.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.token.Secret;

/**
 * A Vault token and how long it is good for.
 *
 * @param token opaque
 * @param counted when its life began: the time at which the login or renewal was sent, so never too
 *     late
 * @param life how long it lives from then; empty if it never ends (a root token)
 * @param renewable whether asking for a longer life can help
 */
record VaultLease(Secret token, Instant counted, Optional<Duration> life, boolean renewable) {
  /** Renewal is due when this much of the life is over. */
  private static final double DUE_SHARE = 2.0 / 3.0;

  /** From the seconds that Vault tells, where 0 stands for no end. */
  static VaultLease of(Secret token, Instant sent, Duration told, boolean renewable) {
    return new VaultLease(token, sent, Optional.of(told).filter(Duration::isPositive), renewable);
  }

  /**
   * The same token after a renewal. A life shorter than the one before means that Vault cut it at
   * the token's maximum: renewing again would only shorten it further, so a new login has to
   * follow.
   */
  VaultLease renewed(Instant sent, Duration told, boolean stillRenewable) {
    boolean cut = life.isPresent() && told.compareTo(life.get()) < 0;
    return of(token, sent, told, stillRenewable && !cut);
  }

  Optional<Instant> expiry() {
    return life.map(counted::plus);
  }

  boolean usableAt(Instant now) {
    return expiry().map(now::isBefore).orElse(true);
  }

  /** What to do about it now. */
  Step step(Instant now) {
    if (life.isEmpty()
        || now.isBefore(counted.plusMillis((long) (life.get().toMillis() * DUE_SHARE)))) {
      return Step.KEEP;
    }
    return renewable && usableAt(now) ? Step.RENEW : Step.LOG_IN;
  }

  /** What a lease asks for. */
  enum Step {
    KEEP,
    RENEW,
    LOG_IN
  }
}
