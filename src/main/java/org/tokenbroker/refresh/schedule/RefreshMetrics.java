package org.tokenbroker.refresh.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.DurableWriter;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.refresh.RefreshObserver;
import org.tokenbroker.refresh.RefreshOutcome;

/** Refreshing as metrics (reliability §5). */
@ApplicationScoped
public class RefreshMetrics implements RefreshObserver {
  private static final String PREFIX = "token_broker_";

  private final MeterRegistry registry;

  RefreshMetrics(MeterRegistry registry, DurableWriter writer) {
    this.registry = registry;
    Gauge.builder(PREFIX + "undurable_refresh_tokens", writer, DurableWriter::undurable)
        .description("Tokens issued by a provider and not stored yet; must be 0 but for moments")
        .register(registry);
    count("refresh_ambiguous").increment(0);
    count("reuse_suspected").increment(0);
    count("fenced_writes").increment(0);
  }

  @Override
  public void started(Connection connection) {}

  @Override
  public void replied(Connection connection, TokenReply reply, Duration took) {
    Timer.builder(PREFIX + "refresh_duration_seconds")
        .description("Time of a refresh call to the provider")
        .tag("provider", connection.provider())
        .register(registry)
        .record(took);
    if (reply instanceof TokenReply.Ambiguous) {
      count("refresh_ambiguous").increment();
    }
    Counter.builder(PREFIX + "refresh_attempts")
        .description("Refresh calls to the provider")
        .tag("provider", connection.provider())
        .tag("grant", connection.grant().parameter())
        .tag("outcome", outcome(reply))
        .register(registry)
        .increment();
  }

  @Override
  public void ended(Connection connection, RefreshOutcome outcome, Optional<Duration> lag) {
    if (outcome instanceof RefreshOutcome.Refreshed) {
      lag.ifPresent(
          late ->
              Timer.builder(PREFIX + "refresh_lag_seconds")
                  .description("Time from the planned moment to the end of a refresh")
                  .tag("provider", connection.provider())
                  .register(registry)
                  .record(late));
    }
  }

  @Override
  public void fenced(Connection connection) {
    count("fenced_writes").increment();
  }

  @Override
  public void reuseSuspected(Connection connection) {
    count("reuse_suspected").increment();
  }

  private Counter count(String name) {
    return Counter.builder(PREFIX + name).register(registry);
  }

  private static String outcome(TokenReply reply) {
    return switch (reply) {
      case TokenReply.Granted granted -> "success";
      case TokenReply.Rejected rejected -> outcome(rejected.reason());
      case TokenReply.Throttled throttled -> "throttled";
      case TokenReply.Unreachable unreachable -> "transient";
      case TokenReply.Ambiguous ambiguous -> "ambiguous";
    };
  }

  private static String outcome(Rejection reason) {
    return switch (reason) {
      case INVALID_GRANT -> "invalid_grant";
      case INVALID_CLIENT, UNAUTHORIZED_CLIENT -> "invalid_client";
      case INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE, INVALID_REQUEST, OTHER -> "rejected";
    };
  }
}
