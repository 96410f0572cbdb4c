package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Metadata that was accepted last, for all replicas and beyond a restart (C20). Every failure of
 * the store is a value.
 */
public interface AcceptedMetadata {
  /**
   * Whose metadata: a profile judges what it accepts, so two profiles never share a document.
   *
   * @param profile its id
   */
  record Subject(String profile, String issuer) {}

  /** Outcome of comparing a document with the one before it. */
  sealed interface Judged {
    /** It names no host that the one before it did not, or is the first: it counts from now on. */
    record Accepted() implements Judged {}

    /**
     * It names another host: it is noted as refused.
     *
     * @param accepted stays in use
     */
    record Moved(Metadata accepted) implements Judged {}

    record Unavailable() implements Judged {}
  }

  /** Outcome of accepting a move. */
  enum Accepting {
    DONE,
    UNAVAILABLE
  }

  /**
   * Atomic over all replicas.
   *
   * @param hosts of the document's endpoints, with port, that nobody named otherwise
   */
  Uni<Judged> judge(Subject subject, Metadata found, Set<String> hosts, Instant now);

  /** What was accepted last; absent where nothing was, or the store does not answer. */
  Uni<Optional<Metadata>> find(Subject subject);

  /**
   * An operator accepts the hosts that were refused last; nothing happens where none were.
   * Idempotent.
   */
  Uni<Accepting> accept(Subject subject, Instant now);
}
