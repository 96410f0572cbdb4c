package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.serve.AccessRuleStore.AllRead;

/**
 * All access rules in memory, as one snapshot. Read anew, behind the readers, when a rule changed;
 * while PostgreSQL does not answer the former rules hold. Before they were read the first time
 * nobody is allowed anything.
 */
public final class RuleBook {
  private static final Logger LOG = Logger.getLogger(RuleBook.class);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(1);
  private static final String ALL = "all";

  private final AccessRuleStore store;
  private final InstantSource time;
  private final SingleFlight<String, Optional<AccessRules>> loads;
  private final AtomicBoolean changedMeanwhile = new AtomicBoolean();
  private volatile @Nullable AccessRules rules;
  private volatile @Nullable Instant retryAt;

  RuleBook(AccessRuleStore store, Apart apart, InstantSource time) {
    this.store = store;
    this.time = time;
    this.loads = new SingleFlight<>(apart);
  }

  /** From memory, else from PostgreSQL; empty while neither has them. */
  Uni<Optional<AccessRules>> get() {
    AccessRules known = rules;
    Instant due = retryAt;
    if (known == null) {
      return load();
    }
    if (due != null && !time.instant().isBefore(due)) {
      reload();
    }
    return Uni.createFrom().item(Optional.of(known));
  }

  /** Whether the rules in memory could not be checked against what is kept. */
  boolean isDegraded() {
    return retryAt != null;
  }

  /** Some replica changed a rule. */
  void changed() {
    changedMeanwhile.set(true);
    if (!loads.isRunning(ALL)) {
      loadChanged();
    }
  }

  /** Reads the rules anew and ends when readers get them, or when PostgreSQL does not answer. */
  public Uni<Void> refreshed() {
    return load().chain(this::load).replaceWithVoid();
  }

  private void loadChanged() {
    if (changedMeanwhile.getAndSet(false)) {
      reload();
    }
  }

  private void reload() {
    load()
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.errorf("Loading the access rules failed: %s", failure.getClass().getName()));
  }

  private Uni<Optional<AccessRules>> load() {
    return loads.join(ALL, () -> store.all().map(this::keep), this::loadChanged);
  }

  private Optional<AccessRules> keep(AllRead read) {
    switch (read) {
      case AllRead.Found found -> {
        rules = AccessRules.of(found.rules());
        retryAt = null;
      }
      case AllRead.Unavailable unavailable -> retryAt = time.instant().plus(RETRY_EVERY);
    }
    return Optional.ofNullable(rules);
  }
}
