package org.tokenbroker.provider;

import java.util.Map;
import org.tokenbroker.safe.SafeFault;

/** Outcome of looking a registration up for use. */
public sealed interface ClientLookup {
  record Ready(ProviderClient client) implements ClientLookup {}

  /** No such registration, or it was deleted. */
  record Unknown() implements ClientLookup {}

  /** The registration exists but cannot be used until an operator acts. */
  record Incomplete(Gap gap) implements ClientLookup {}

  /** PostgreSQL could not be asked; try again later. */
  record LedgerUnavailable() implements ClientLookup {}

  record SafeUnavailable(SafeFault fault) implements ClientLookup {}

  /**
   * For one connection, at the place that its provider told ({@link ProviderClient#toldBy}).
   *
   * @param facts the connection's public facts
   */
  default ClientLookup toldBy(Map<String, String> facts) {
    return this instanceof Ready(ProviderClient client)
        ? client
            .toldBy(facts)
            .<ClientLookup>map(Ready::new)
            .orElseGet(() -> new Incomplete(Gap.VARIABLES))
        : this;
  }

  /** What is missing. */
  enum Gap {
    /** The catalogue has no profile of that id any more. */
    PROFILE,
    /** The profile's URLs hold variables that the registration does not fill in rightly. */
    VARIABLES,
    /** The profile lacks endpoints that its grants need (MK-6). */
    ENDPOINTS,
    /** The safe holds no usable secrets for it. */
    SECRETS,
    /** It proves itself by a signing key and none is active yet (IV-7). */
    KEY
  }
}
