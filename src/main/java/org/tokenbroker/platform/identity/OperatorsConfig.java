package org.tokenbroker.platform.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.List;
import java.util.Optional;

/** Who may use the management API. */
@ConfigMapping(prefix = "token-broker.operators")
public interface OperatorsConfig {
  /**
   * Exact identities of operators: {@code spiffe://trust-domain/path}, {@code dns:host.name} or
   * {@code subject:CN=…}. Nobody is an operator by default. A comma inside a distinguished name is
   * written {@code \\,}.
   */
  @WithParentName
  Optional<List<String>> identities();
}
