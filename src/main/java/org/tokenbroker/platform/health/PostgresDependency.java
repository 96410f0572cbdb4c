package org.tokenbroker.platform.health;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.platform.health.DependencyState.Down;
import org.tokenbroker.platform.health.DependencyState.Up;

/** PostgreSQL answers a statement through the pool that all chapters use. */
@ApplicationScoped
public class PostgresDependency implements Dependency {
  private final Pool pool;

  PostgresDependency(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public Uni<DependencyState> state() {
    return pool.query("SELECT 1")
        .execute()
        .<DependencyState>map(rows -> new Up())
        .onFailure()
        .recoverWithItem(new Down("unreachable"));
  }
}
