package org.tokenbroker.connection;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Whose connections may be what. */
@ConfigMapping(prefix = "token-broker.connection")
public interface ConnectionConfig {
  /**
   * Tenants that are the operator's own organization; form of an id. Only theirs may be API keys:
   * customers are asked for their consent, never for a key. None by default.
   */
  Optional<List<String>> ownTenants();
}
