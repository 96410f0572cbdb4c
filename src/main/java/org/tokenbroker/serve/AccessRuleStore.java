package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Where access rules are kept. Every failure is a value. */
public interface AccessRuleStore {
  Uni<AllRead> all();

  Uni<OneRead> find(AccessRuleId id);

  /**
   * Rules ordered by id.
   *
   * @param consumer only those of this one
   * @param after only those whose id comes after
   * @param limit at most that many, at least 1
   */
  Uni<PageRead> list(Optional<Consumer> consumer, Optional<AccessRuleId> after, int limit);

  /** Creates or replaces. */
  Uni<Put> put(AccessRule rule);

  Uni<Removal> delete(AccessRuleId id);

  /** Outcome of reading every rule. */
  sealed interface AllRead {
    record Found(List<AccessRule> rules) implements AllRead {}

    record Unavailable() implements AllRead {}
  }

  /** Outcome of reading one. */
  sealed interface OneRead {
    record Found(AccessRule rule) implements OneRead {}

    record Unknown() implements OneRead {}

    record Unavailable() implements OneRead {}
  }

  /** Outcome of listing. */
  sealed interface PageRead {
    /**
     * @param more whether rules follow
     */
    record Page(List<AccessRule> rules, boolean more) implements PageRead {}

    record Unavailable() implements PageRead {}
  }

  /** Outcome of creating or replacing. */
  enum Put {
    CREATED,
    REPLACED,
    /** PostgreSQL did not answer; it may or may not have happened. */
    UNAVAILABLE
  }

  /** Outcome of deleting. */
  enum Removal {
    DELETED,
    /** There was nothing to delete. */
    UNKNOWN,
    /** PostgreSQL did not answer; it may or may not have happened. */
    UNAVAILABLE
  }
}
