package org.tokenbroker.serve.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.identity.PeerIdentity;
import org.tokenbroker.serve.AccessRule;
import org.tokenbroker.serve.AccessRule.Allowance;
import org.tokenbroker.serve.AccessRule.Selector;
import org.tokenbroker.serve.AccessRuleId;
import org.tokenbroker.serve.Consumer;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** A row of table {@code access_rule}. Only ever read; every change is one SQL statement. */
@Entity
@Table(name = "access_rule")
public class AccessRuleRow {
  @Id String id = "";

  String consumer = "";

  @Column(name = "connection_id")
  @Nullable String connection;

  @Nullable String tenant;
  @Nullable String registration;
  @Nullable String scopes;

  @Column(name = "api_keys")
  boolean apiKeys;

  @Column(name = "created_at")
  Instant createdAt = Instant.EPOCH;

  @Column(name = "updated_at")
  Instant updatedAt = Instant.EPOCH;

  AccessRule rule() {
    return new AccessRule(
        new AccessRuleId(id),
        new Consumer(new PeerIdentity(consumer)),
        selector(),
        Optional.ofNullable(scopes)
            .<Allowance>map(some -> new Allowance.Only(Scopes.parse(some)))
            .orElseGet(Allowance.Everything::new),
        apiKeys);
  }

  private Selector selector() {
    if (connection != null) {
      return new Selector.OneConnection(new ConnectionId(connection));
    }
    if (tenant != null && registration != null) {
      return new Selector.OfTenantAndRegistration(
          new TenantId(tenant), new RegistrationId(registration));
    }
    if (tenant != null) {
      return new Selector.OfTenant(new TenantId(tenant));
    }
    if (registration != null) {
      return new Selector.OfRegistration(new RegistrationId(registration));
    }
    throw new IllegalStateException("table access_rule holds a rule that selects nothing");
  }
}
