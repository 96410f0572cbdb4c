package org.tokenbroker.serve;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.tokenbroker.connection.Connections;
import org.tokenbroker.connection.KeyRefusals;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.ChangeFeed;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.refresh.Freshener;
import org.tokenbroker.token.ConnectionId;

/** Puts the serving side together and keeps its memory in step with what replicas change. */
@ApplicationScoped
class ServeWiring {
  private final ServeConfig config;
  private final Apart apart;
  private final InstantSource time;

  ServeWiring(ServeConfig config, Apart apart, InstantSource time) {
    this.config = config;
    this.apart = apart;
    this.time = time;
  }

  @Produces
  @Singleton
  HotTokens tokens(Connections connections) {
    return new HotTokens(connections, apart, time, config.hotConnections());
  }

  @Produces
  @Singleton
  Directory directory(Connections connections) {
    return new Directory(connections, apart, time, config.hotConnections());
  }

  @Produces
  @Singleton
  RuleBook rules(AccessRuleStore store) {
    return new RuleBook(store, apart, time);
  }

  @Produces
  @Singleton
  RateLimits limits() {
    return new RateLimits(config.requestsPerSecond(), config.burst());
  }

  @Produces
  @Singleton
  Fingerprints fingerprints() {
    return Fingerprints.of(config.auditKey(), config.hotConnections());
  }

  @Produces
  @Singleton
  Serving serving(
      HotTokens tokens,
      RuleBook rules,
      Directory directory,
      Freshener freshener,
      KeyRefusals refusals,
      Profiles profiles,
      ChangeFeed changes) {
    Gate gate = new Gate(rules);
    Handout handout = new Handout(rules, profiles, changes, time);
    Patience patience = new Patience(config.longestWait(), config.hotConnections());
    Waiting waiting = new Waiting(tokens, gate, handout, freshener, patience, apart, time);
    Reports reports = new Reports(tokens, gate, handout, waiting, refusals);
    return new Serving(tokens, directory, gate, waiting, reports);
  }

  void start(
      @Observes StartupEvent started,
      ChangeFeed feed,
      HotTokens tokens,
      RuleBook rules,
      Directory directory) {
    feed.subscribe(change -> heard(change, tokens, rules, directory));
    rules.changed();
  }

  private static void heard(
      ChangeFeed.Change change, HotTokens tokens, RuleBook rules, Directory directory) {
    switch (change.kind()) {
      case "connection" -> {
        ConnectionId id = new ConnectionId(change.id());
        tokens.changed(id);
        directory.changed(id);
      }
      case "access_rule" -> rules.changed();
      default -> {}
    }
  }
}
