package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.tokenbroker.platform.health.StartLoading;

/**
 * Before the access rules were read once, every consumer would be told that nothing exists; such a
 * replica is not ready.
 */
@ApplicationScoped
class RulesLoading implements StartLoading {
  private final RuleBook rules;

  RulesLoading(RuleBook rules) {
    this.rules = rules;
  }

  @Override
  public String name() {
    return "access_rules";
  }

  @Override
  public Uni<Boolean> loaded() {
    return rules.get().map(Optional::isPresent);
  }
}
