package org.tokenbroker.safe;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import org.tokenbroker.platform.health.Dependency;
import org.tokenbroker.platform.health.DependencyState;
import org.tokenbroker.platform.health.DependencyState.Down;
import org.tokenbroker.platform.health.DependencyState.Up;

/** Shows in the dependency view whether the safe takes writes of this replica. */
@ApplicationScoped
public class SafeDependency implements Dependency {
  private final SafeHealth health;

  SafeDependency(SafeHealth health) {
    this.health = health;
  }

  @Override
  public String name() {
    return "safe";
  }

  @Override
  public Uni<DependencyState> state() {
    return health.probe().map(SafeDependency::state);
  }

  private static DependencyState state(SafeState state) {
    return switch (state) {
      case SafeState.Writable writable -> new Up();
      case SafeState.Unavailable unavailable ->
          new Down(unavailable.fault().name().toLowerCase(Locale.ROOT));
    };
  }
}
