package org.tokenbroker.event.schedule;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.jboss.logging.Logger;
import org.tokenbroker.event.EventConfig;
import org.tokenbroker.event.EventLog;
import org.tokenbroker.event.Outbox;

/** Forgets what is old. Every replica does; what one has forgotten the others do not find. */
@ApplicationScoped
public class EventErrands {
  private static final Logger LOG = Logger.getLogger(EventErrands.class);

  /** A minute's worth: a million events a day. */
  private static final int BATCH = 1000;

  private final EventLog log;
  private final Outbox outbox;
  private final EventConfig config;
  private final InstantSource time;

  EventErrands(EventLog log, Outbox outbox, EventConfig config, InstantSource time) {
    this.log = log;
    this.outbox = outbox;
    this.config = config;
    this.time = time;
  }

  @Scheduled(every = "1m", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> giveUpUnwanted() {
    return outbox
        .giveUpUnwanted(time.instant(), BATCH)
        .invoke(EventErrands::tell)
        .replaceWithVoid();
  }

  @Scheduled(every = "1m", delayed = "20s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> forget() {
    return log.forget(time.instant().minus(config.retention()), BATCH).replaceWithVoid();
  }

  private static void tell(int number) {
    if (number > 0) {
      LOG.warnf("%d deliveries to webhooks that are disabled or gone were given up", number);
    }
  }
}
