package org.tokenbroker.serve;

import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** Which connection a consumer means. */
public sealed interface Target {
  record ById(ConnectionId id) implements Target {}

  /** A connection of a tenant, for consumers that do not know its id. */
  sealed interface Lookup extends Target {
    TenantId tenant();
  }

  record UnderRegistration(TenantId tenant, RegistrationId registration) implements Lookup {
    @Override
    public String toString() {
      return tenant + "/registration/" + registration;
    }
  }

  /**
   * @param provider profile id
   */
  record AtProvider(TenantId tenant, String provider) implements Lookup {
    @Override
    public String toString() {
      return tenant + "/provider/" + provider;
    }
  }
}
