package org.tokenbroker.provider.catalog;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.platform.health.Dependency;
import org.tokenbroker.platform.health.DependencyState;
import org.tokenbroker.platform.health.DependencyState.Down;
import org.tokenbroker.platform.health.DependencyState.Up;

/**
 * Shows in the dependency view when profile files are refused. The last good profiles stay in use,
 * so readiness does not depend on it. What is wrong with a file stands in the log.
 */
@ApplicationScoped
public class CatalogDependency implements Dependency {
  private final Catalog catalog;

  CatalogDependency(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public String name() {
    return "catalogue";
  }

  @Override
  public Uni<DependencyState> state() {
    return Uni.createFrom()
        .item(() -> catalog.status().isWell() ? new Up() : new Down("profile_refused"));
  }
}
