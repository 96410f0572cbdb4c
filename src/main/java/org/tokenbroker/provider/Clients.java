package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.token.RegistrationId;

/** Looks registrations up for use, with their profile and secrets. Every failure is a value. */
public interface Clients {
  Uni<ClientLookup> find(RegistrationId id);

  /**
   * One more call was accepted by the provider: the registration is healthy (again). Idempotent,
   * cheap when it already is.
   */
  Uni<Void> accepted(RegistrationId id);

  /**
   * Our client cannot be used: the registration becomes faulty, or stays so with a later probe
   * time.
   */
  Uni<Void> faulty(RegistrationId id, RegistrationFault fault);
}
