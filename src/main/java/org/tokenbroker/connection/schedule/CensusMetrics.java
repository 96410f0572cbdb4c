package org.tokenbroker.connection.schedule;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.tokenbroker.connection.Census;
import org.tokenbroker.connection.Census.Counted;
import org.tokenbroker.connection.Census.Group;
import org.tokenbroker.platform.metrics.ClockSkew;

/**
 * How many connections are in which state, and the shortest life among their tokens (reliability
 * §5). Kept while nobody answers.
 */
@ApplicationScoped
public class CensusMetrics {
  private final Census census;
  private final MultiGauge connections;
  private final MultiGauge shortestLife;
  private final MultiGauge queue;
  private final MultiGauge expiring;
  private final ClockSkew clocks;

  CensusMetrics(Census census, MeterRegistry registry, ClockSkew clocks) {
    this.census = census;
    this.connections =
        MultiGauge.builder("token_broker_connections")
            .description("Connections by state")
            .register(registry);
    this.shortestLife =
        MultiGauge.builder("token_broker_token_min_remaining_seconds")
            .description("Shortest life left among the tokens of active and ailing connections")
            .register(registry);
    this.queue =
        MultiGauge.builder("token_broker_refresh_queue_depth")
            .description("Connections whose refresh is due and has not begun")
            .register(registry);
    this.expiring =
        MultiGauge.builder("token_broker_consent_expiring")
            .description("Connections whose owner has to agree again soon")
            .register(registry);
    this.clocks = clocks;
  }

  @Scheduled(every = "15s", delayed = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> count() {
    return census.count().invoke(counted -> counted.ifPresent(this::show)).replaceWithVoid();
  }

  private void show(Counted counted) {
    List<Group> groups = counted.groups();
    clocks.told("postgresql", counted.takenAt());
    queue.register(sums(groups, Group::due), true);
    expiring.register(sums(groups, Group::expiring), true);
    connections.register(groups.stream().<Row<?>>map(CensusMetrics::number).toList(), true);
    shortestLife.register(
        groups.stream().<Row<?>>mapMulti((group, rows) -> shortest(group, rows)).toList(), true);
  }

  private static List<Row<?>> sums(List<Group> groups, ToLongFunction<Group> part) {
    return groups.stream()
        .collect(Collectors.groupingBy(Group::provider, Collectors.summingLong(part)))
        .entrySet()
        .stream()
        .<Row<?>>map(each -> Row.of(Tags.of("provider", each.getKey()), each.getValue()))
        .toList();
  }

  private static Row<?> number(Group group) {
    return Row.of(Tags.of("provider", group.provider(), "state", group.state()), group.number());
  }

  private static void shortest(Group group, Consumer<Row<?>> rows) {
    group
        .shortestLife()
        .ifPresent(
            life ->
                rows.accept(
                    Row.of(
                        Tags.of("provider", group.provider(), "state", group.state()),
                        life.toMillis() / 1000.0)));
  }
}
