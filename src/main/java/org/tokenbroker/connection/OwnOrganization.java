package org.tokenbroker.connection;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tokenbroker.token.TenantId;

/**
 * The tenants that are the operator's own organization: an API key is for them alone (BE-1, MK-2,
 * MK-4).
 */
@ApplicationScoped
public class OwnOrganization {
  private final Set<TenantId> tenants;

  @Inject
  OwnOrganization(ConnectionConfig config) {
    this(config.ownTenants().orElse(List.of()));
  }

  /**
   * @throws IllegalArgumentException if one of them has not the form of a {@link TenantId}
   */
  OwnOrganization(Collection<String> tenants) {
    this.tenants = tenants.stream().map(TenantId::new).collect(Collectors.toUnmodifiableSet());
  }

  boolean includes(TenantId tenant) {
    return tenants.contains(tenant);
  }
}
