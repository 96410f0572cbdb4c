package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.token.RegistrationId;

/**
 * Registrations in the ledger, without their secrets. Every failure of the store is the value
 * {@code Unavailable}.
 */
public interface Registrations {
  /** Names of what the safe can hold for a registration. */
  enum SecretKind {
    CLIENT_ID,
    CLIENT_SECRET,
    PRIVATE_KEY
  }

  /**
   * A registration as it is kept.
   *
   * @param held which secrets were given
   */
  record Kept(
      Registration registration, Set<SecretKind> held, Instant createdAt, Instant updatedAt) {}

  /** Outcome of a look-up. */
  sealed interface Found {
    record Yes(Kept kept) implements Found {}

    record Unknown() implements Found {}

    record Unavailable() implements Found {}
  }

  /** Outcome of listing. */
  sealed interface Listing {
    /**
     * @param more whether registrations follow the last one
     */
    record Page(List<Kept> registrations, boolean more) implements Listing {}

    record Unavailable() implements Listing {}
  }

  /** Outcome of a change. */
  sealed interface Changed {
    /**
     * @param created whether it did not exist before
     */
    record Done(Kept kept, boolean created) implements Changed {}

    /** Credentials depend on it as it is. */
    record InUse() implements Changed {}

    record Unknown() implements Changed {}

    record Unavailable() implements Changed {}
  }

  /** Whether credentials depend on where a registration leads. */
  enum Dependents {
    /** No connection, and no revocation that is still to be done. */
    NONE,
    SOME,
    UNAVAILABLE
  }

  Uni<Found> find(RegistrationId id);

  Uni<Dependents> dependents(RegistrationId id);

  /** Ordered by id. */
  Uni<Listing> list(Optional<String> profile, Optional<RegistrationId> after, int limit);

  /**
   * Creates or replaces it and raises its version; the given version, health and signing are
   * ignored: what it signs with follows its {@link SigningKeys}. A change makes a faulty
   * registration healthy: it is to be tried again. {@code InUse} where its profile or variables
   * would change under {@link Dependents}.
   *
   * @param held which secrets the safe holds for it now
   */
  Uni<Changed> put(Registration registration, Set<SecretKind> held, Instant now);

  /** {@code Done} carries what it was. */
  Uni<Changed> delete(RegistrationId id);

  /** Faulty from now on; {@code since} stays where it was faulty before. */
  Uni<Changed> faulty(RegistrationId id, RegistrationFault fault, Instant now, Duration probeAfter);

  Uni<Changed> accepted(RegistrationId id, Instant now);
}
