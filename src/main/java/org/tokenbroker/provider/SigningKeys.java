package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.function.Function;
import org.tokenbroker.token.RegistrationId;

/**
 * Signing keys in the ledger: names, public halves and states, no secret. Every failure of the
 * store is the value {@code Unavailable}.
 */
public interface SigningKeys {
  /** Outcome of a look-up. */
  sealed interface Found {
    record Yes(KeyRing ring) implements Found {}

    /** No such registration. */
    record Unknown() implements Found {}

    record Unavailable() implements Found {}
  }

  /** Outcome of a change. */
  sealed interface Changed {
    /**
     * @param ring as it is now
     * @param anew false where it was so already
     */
    record Done(KeyRing ring, boolean anew) implements Changed {}

    record Refused(KeyRing.Refusal why) implements Changed {}

    /** No such registration. */
    record Unknown() implements Changed {}

    record Unavailable() implements Changed {}
  }

  Uni<Found> find(RegistrationId id);

  /**
   * Changes the keys of a registration as decided: one decision at a time, over all replicas. What
   * the registration signs with follows its active key; a change makes its version rise, and a
   * faulty registration whose active key changed is to be tried again.
   *
   * @param decision pure; may be asked more than once
   */
  Uni<Changed> change(RegistrationId id, Function<KeyRing, KeyRing.Move> decision, Instant now);
}
