package org.tokenbroker.serve;

import org.tokenbroker.connection.Connection;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/**
 * One consumer may fetch some connections (G-11). There are no rules that forbid: what no rule
 * allows is denied.
 *
 * @param consumer compared as a whole (E3)
 * @param apiKeys whether it lets API keys out too (E6): unlike a token, one that leaked is good
 *     until somebody replaces it
 */
public record AccessRule(
    AccessRuleId id, Consumer consumer, Selector selector, Allowance scopes, boolean apiKeys) {

  /** Of access tokens only. */
  public AccessRule(AccessRuleId id, Consumer consumer, Selector selector, Allowance scopes) {
    this(id, consumer, selector, scopes, false);
  }

  /** Which connections. */
  public sealed interface Selector {
    boolean matches(Connection connection);

    record OneConnection(ConnectionId connection) implements Selector {
      @Override
      public boolean matches(Connection candidate) {
        return candidate.id().equals(connection);
      }
    }

    record OfTenant(TenantId tenant) implements Selector {
      @Override
      public boolean matches(Connection candidate) {
        return candidate.belongsTo(tenant);
      }
    }

    /** Connections of every tenant under a registration. */
    record OfRegistration(RegistrationId registration) implements Selector {
      @Override
      public boolean matches(Connection candidate) {
        return candidate.registration().equals(registration);
      }
    }

    record OfTenantAndRegistration(TenantId tenant, RegistrationId registration)
        implements Selector {
      @Override
      public boolean matches(Connection candidate) {
        return candidate.belongsTo(tenant) && candidate.registration().equals(registration);
      }
    }
  }

  /** Which scopes the tokens may carry. */
  public sealed interface Allowance {
    /** Whatever was granted, also where the provider names no scopes. */
    record Everything() implements Allowance {}

    /** Tokens whose granted scopes are known and all among these. */
    record Only(Scopes scopes) implements Allowance {}
  }
}
