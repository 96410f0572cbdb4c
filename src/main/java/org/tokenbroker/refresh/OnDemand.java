package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.Pause;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.connection.Windows;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.refresh.Lease.Taken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;

/**
 * Refreshes when a reader asks. At most one such call per connection runs in this process; whoever
 * comes meanwhile joins it, and one who leaves does not end it (reliability §2.2 rule 4). A
 * connection that backs off after failures is left alone until its time.
 */
@ApplicationScoped
public class OnDemand implements Freshener {
  private static final Logger LOG = Logger.getLogger(OnDemand.class);

  /** Least time between two refreshes that consumers' reports cause. */
  private static final Duration REPORT_FLOOR = Duration.ofSeconds(30);

  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final int LOOKS = 50;

  private final Ledger ledger;
  private final Lease lease;
  private final Refresher refresher;
  private final RefreshObserver observer;
  private final Pause pause;
  private final Profiles profiles;
  private final InstantSource time;
  private final ConcurrentMap<ConnectionId, Uni<Freshened>> inFlight = new ConcurrentHashMap<>();

  OnDemand(
      Ledger ledger,
      Lease lease,
      Refresher refresher,
      RefreshObserver observer,
      Pause pause,
      Profiles profiles,
      InstantSource time) {
    this.ledger = ledger;
    this.lease = lease;
    this.refresher = refresher;
    this.observer = observer;
    this.pause = pause;
    this.profiles = profiles;
    this.time = time;
  }

  /** Refreshes that readers began; each goes on when its readers have left. */
  public int underWay() {
    return inFlight.size();
  }

  @Override
  public Uni<Freshened> freshen(ConnectionId id, Generation seen, Reason reason) {
    return join(id, seen, reason)
        .chain(
            freshened ->
                switch (freshened) {
                  case Freshened.Newer newer when !newer.generation().isNewerThan(seen) ->
                      freshen(id, seen, reason);
                  case Freshened.Newer newer -> answer(newer);
                  case Freshened.NotNow notNow -> answer(notNow);
                  case Freshened.ConsentRequired required -> answer(required);
                  case Freshened.Gone gone -> answer(gone);
                });
  }

  private Uni<Freshened> join(ConnectionId id, Generation seen, Reason reason) {
    Uni<Freshened> own =
        Uni.createFrom()
            .deferred(() -> look(id, seen, reason))
            .onTermination()
            .invoke(() -> inFlight.remove(id))
            .memoize()
            .indefinitely();
    Uni<Freshened> running = inFlight.putIfAbsent(id, own);
    if (running != null) {
      return running;
    }
    own.subscribe()
        .with(
            done -> {},
            failure ->
                LOG.errorf(
                    "Refreshing connection %s failed: %s", id, failure.getClass().getName()));
    return own;
  }

  private Uni<Freshened> look(ConnectionId id, Generation seen, Reason reason) {
    return ledger
        .find(id)
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found found -> ofConnection(found.connection(), seen, reason);
                  case LedgerRead.Unknown unknown -> answer(new Freshened.Gone());
                  case LedgerRead.Unavailable unavailable ->
                      answer(new Freshened.NotNow(ASK_AGAIN));
                });
  }

  private Uni<Freshened> ofConnection(Connection connection, Generation seen, Reason reason) {
    Optional<Generation> newer = generation(connection).filter(known -> known.isNewerThan(seen));
    if (newer.isPresent()) {
      return answer(new Freshened.Newer(newer.get()));
    }
    return switch (connection.health()) {
      case Health.Active active ->
          notBefore(connection, reason)
              .<Uni<Freshened>>map(this::notNow)
              .orElseGet(() -> take(connection, seen));
      case Health.Ailing ailing ->
          connection
              .dueAt()
              .filter(this::isAhead)
              .<Uni<Freshened>>map(this::notNow)
              .orElseGet(() -> take(connection, seen));
      case Health.NeedsConsent needs -> answer(new Freshened.ConsentRequired());
      case Health.PendingConsent pending -> answer(new Freshened.ConsentRequired());
      case Health.Connecting connecting -> answer(new Freshened.NotNow(ASK_AGAIN));
      case Health.Unclaimed unclaimed -> answer(new Freshened.Gone());
      case Health.Revoked revoked -> answer(new Freshened.ConsentRequired());
      case Health.Disabled disabled -> answer(new Freshened.Gone());
    };
  }

  /**
   * The earliest moment for another token, where that moment has not come: half a short life, else
   * the floor, after the last; and never before the provider allows it.
   */
  private Optional<Instant> notBefore(Connection connection, Reason reason) {
    Duration floor =
        switch (reason) {
          case REPORTED -> REPORT_FLOOR;
          case TOO_LITTLE_LIFE -> Duration.ZERO;
        };
    Rhythm rhythm = Rhythm.of(profiles.find(connection.provider()));
    return connection
        .held()
        .flatMap(held -> postponed(connection, held, rhythm))
        .or(() -> floor(connection, floor, rhythm.minInterval()));
  }

  /**
   * A plan after the regular moment: the provider gave the same token again, or our own budget held
   * the last try back.
   */
  private Optional<Instant> postponed(Connection connection, Held held, Rhythm rhythm) {
    Instant regular = Windows.of(connection.id(), held, rhythm).prefetchAt();
    return connection
        .dueAt()
        .filter(due -> due.isAfter(regular.plus(ASK_AGAIN)))
        .filter(this::isAhead);
  }

  private Optional<Instant> floor(Connection connection, Duration floor, Duration minInterval) {
    return connection
        .held()
        .map(Held::lifetime)
        .map(life -> life.issuedAt().plus(wait(life, floor, minInterval)))
        .filter(this::isAhead);
  }

  private Uni<Freshened> take(Connection connection, Generation seen) {
    return lease
        .claim(connection.id())
        .chain(
            taken ->
                switch (taken) {
                  case Taken.Yes yes ->
                      refresher.refresh(yes.claim(), true).map(outcome -> freshened(outcome, seen));
                  case Taken.Held elsewhere -> {
                    observer.leaseConflict(connection.id());
                    yield await(connection.id(), seen, LOOKS);
                  }
                  case Taken.Gone gone -> answer(new Freshened.Gone());
                  case Taken.Unavailable unavailable -> answer(new Freshened.NotNow(ASK_AGAIN));
                });
  }

  /** Another replica refreshes: its result shows in the ledger. */
  private Uni<Freshened> await(ConnectionId id, Generation seen, int looks) {
    return pause
        .of(LOOK_EVERY)
        .chain(() -> ledger.find(id))
        .chain(
            read ->
                switch (read) {
                  case LedgerRead.Found found
                      when generation(found.connection())
                          .filter(known -> known.isNewerThan(seen))
                          .isPresent() ->
                      answer(new Freshened.Newer(generation(found.connection()).orElse(seen)));
                  case LedgerRead.Found found when isOwnersTurn(found.connection().health()) ->
                      answer(new Freshened.ConsentRequired());
                  case LedgerRead.Found found when looks > 1 -> await(id, seen, looks - 1);
                  case LedgerRead.Found found -> answer(new Freshened.NotNow(ASK_AGAIN));
                  case LedgerRead.Unknown unknown -> answer(new Freshened.Gone());
                  case LedgerRead.Unavailable unavailable ->
                      answer(new Freshened.NotNow(ASK_AGAIN));
                });
  }

  private static boolean isOwnersTurn(Health health) {
    return health instanceof Health.NeedsConsent || health instanceof Health.Revoked;
  }

  private static Freshened freshened(RefreshOutcome outcome, Generation seen) {
    return switch (outcome) {
      case RefreshOutcome.Refreshed refreshed
          when refreshed.credential().generation().isNewerThan(seen) ->
          new Freshened.Newer(refreshed.credential().generation());
      case RefreshOutcome.Refreshed refreshed -> new Freshened.NotNow(ASK_AGAIN);
      case RefreshOutcome.NotDue notDue -> new Freshened.NotNow(ASK_AGAIN);
      case RefreshOutcome.Postponed postponed -> new Freshened.NotNow(ASK_AGAIN);
      case RefreshOutcome.Failed failed -> new Freshened.NotNow(ASK_AGAIN);
      case RefreshOutcome.Refused refused -> new Freshened.ConsentRequired();
      case RefreshOutcome.Overtaken overtaken -> new Freshened.NotNow(ASK_AGAIN);
    };
  }

  private Uni<Freshened> notNow(Instant until) {
    return answer(new Freshened.NotNow(Duration.between(time.instant(), until)));
  }

  private boolean isAhead(Instant moment) {
    return time.instant().isBefore(moment);
  }

  private static Optional<Generation> generation(Connection connection) {
    return connection.held().map(Held::generation);
  }

  private static Duration wait(Lifetime life, Duration floor, Duration minInterval) {
    Duration ours = shorter(floor, life.total().dividedBy(2));
    return ours.compareTo(minInterval) < 0 ? minInterval : ours;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Uni<Freshened> answer(Freshened answer) {
    return Uni.createFrom().item(answer);
  }
}
