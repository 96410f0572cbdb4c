package org.tokenbroker.platform;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Sessions of Hibernate Reactive whose every use ends in time, also where PostgreSQL neither
 * answers nor closes (a half-open connection, a frozen server): nobody waits longer than the limit,
 * and a refresh that hangs does not hold its place for ever (G-15). What was begun goes on behind
 * the caller's back, so that its database connection is given back when it ends after all; the
 * outcome of such a write is unknown, as that of one whose connection was lost.
 */
@ApplicationScoped
public class PgSessions {
  /** Longer than the server's own limit for a statement and for a lock. */
  private static final Duration LIMIT = Duration.ofSeconds(8);

  private final Mutiny.SessionFactory factory;
  private final Duration limit;

  @Inject
  PgSessions(Mutiny.SessionFactory factory) {
    this(factory, LIMIT);
  }

  /**
   * @param limit positive
   */
  public PgSessions(Mutiny.SessionFactory factory, Duration limit) {
    this.factory = factory;
    this.limit = limit;
  }

  /** Fails as {@link PgFailures#isUnavailable unavailable} where the work takes too long. */
  public <T> Uni<T> withSession(Function<Mutiny.Session, Uni<T>> work) {
    return bounded(Uni.createFrom().deferred(() -> factory.withSession(work)));
  }

  /** Fails as {@link PgFailures#isUnavailable unavailable} where the work takes too long. */
  public <T> Uni<T> withTransaction(Function<Mutiny.Session, Uni<T>> work) {
    return bounded(Uni.createFrom().deferred(() -> factory.withTransaction(work)));
  }

  private <T> Uni<T> bounded(Uni<T> work) {
    return Unstoppable.of(work)
        .ifNoItem()
        .after(limit)
        .failWith(() -> new TimeoutException("PostgreSQL did not answer in time"));
  }
}
