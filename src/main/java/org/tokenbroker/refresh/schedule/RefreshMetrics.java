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
import org.tokenbroker.connection.Health.Ailment;
import org.tokenbroker.provider.Rejection;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.refresh.RefreshObserver;
import org.tokenbroker.refresh.RefreshOutcome;
import org.tokenbroker.token.ConnectionId;

/** Refreshing as metrics (reliability §5). */
@ApplicationScoped
public class RefreshMetrics implements RefreshObserver {
  private static final String PREFIX = "token_broker_";
  private static final Duration[] CALL_BUCKETS = {
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  /** 30 s and 60 s are those of the objectives (reliability §5). */
  private static final Duration[] LAG_BUCKETS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofSeconds(30),
    Duration.ofSeconds(60),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15)
  };

  private final MeterRegistry registry;

  RefreshMetrics(MeterRegistry registry, DurableWriter writer) {
    this.registry = registry;
    Gauge.builder(PREFIX + "undurable_refresh_tokens", writer, DurableWriter::undurable)
        .description("Tokens issued by a provider and not stored yet; must be 0 but for moments")
        .register(registry);
    count("refresh_ambiguous").increment(0);
    count("reuse_suspected").increment(0);
    count("fenced_writes").increment(0);
    count("lease_conflicts").increment(0);
    count("lease_takeovers").increment(0);
  }

  @Override
  public void started(Connection connection) {}

  @Override
  public void replied(Connection connection, TokenReply reply, Duration took) {
    Timer.builder(PREFIX + "refresh_duration_seconds")
        .description("Time of a refresh call to the provider")
        .tag("provider", connection.provider())
        .serviceLevelObjectives(CALL_BUCKETS)
        .register(registry)
        .record(took);
    if (reply instanceof TokenReply.Ambiguous) {
      count("refresh_ambiguous").increment();
    }
    attempt(connection, outcome(reply));
  }

  @Override
  public void ended(Connection connection, RefreshOutcome outcome, Optional<Duration> lag) {
    if (outcome instanceof RefreshOutcome.Failed(Ailment ailment)
        && ailment == Ailment.SAFE_UNAVAILABLE) {
      attempt(connection, "store_failed");
    }
    if (outcome instanceof RefreshOutcome.Refreshed) {
      lag.ifPresent(
          late ->
              Timer.builder(PREFIX + "refresh_lag_seconds")
                  .description("Time from the planned moment to the end of a refresh")
                  .tag("provider", connection.provider())
                  .serviceLevelObjectives(LAG_BUCKETS)
                  .register(registry)
                  .record(late));
    }
  }

  @Override
  public void fenced(Connection connection) {
    count("fenced_writes").increment();
    attempt(connection, "fenced");
  }

  @Override
  public void leaseConflict(ConnectionId connection) {
    count("lease_conflicts").increment();
  }

  @Override
  public void takenOver(Connection connection) {
    count("lease_takeovers").increment();
    count("refresh_ambiguous").increment();
  }

  private void attempt(Connection connection, String outcome) {
    Counter.builder(PREFIX + "refresh_attempts")
        .description("Refreshes that were tried, by what came of them")
        .tag("provider", connection.provider())
        .tag("grant", connection.grant().parameter())
        .tag("outcome", outcome)
        .register(registry)
        .increment();
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
      case TokenReply.WithoutAccessToken refreshTokenAlone -> "rejected";
      case TokenReply.Rejected rejected -> outcome(rejected.reason());
      case TokenReply.Throttled throttled -> "throttled";
      case TokenReply.Unreachable unreachable -> "transient";
      case TokenReply.Ambiguous ambiguous -> "ambiguous";
    };
  }

  private static String outcome(Rejection reason) {
    return switch (reason) {
      case INVALID_GRANT -> "invalid_grant";
      case GRANT_OR_CLIENT -> "unclear";
      case INVALID_CLIENT, UNAUTHORIZED_CLIENT -> "invalid_client";
      case INVALID_SCOPE, UNSUPPORTED_GRANT_TYPE, INVALID_REQUEST, OTHER -> "rejected";
    };
  }
}
