package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.Here;
import org.tokenbroker.provider.TokenAnswer.Body;

/** Discoveries of a scripted web, with time moved by hand. */
final class DiscoveryScene {
  final HandTime time = HandTime.atNoon();
  final Map<URI, Uni<Optional<TokenAnswer>>> web = new LinkedHashMap<>();
  final List<URI> fetched = new CopyOnWriteArrayList<>();
  final List<DiscoveryObserver.Outcome> outcomes = new CopyOnWriteArrayList<>();
  final Discoveries discoveries;

  DiscoveryScene() {
    this(new MemoryMetadata());
  }

  /**
   * @param accepted outlives the scene, as PostgreSQL does a replica
   */
  DiscoveryScene(AcceptedMetadata accepted) {
    ProviderConfig config = new Strict();
    this.discoveries =
        new Discoveries(
            this::fetch,
            accepted,
            new Here(),
            new ProviderAddresses(config),
            config,
            time,
            (profile, outcome) -> outcomes.add(outcome));
  }

  /** Of a broker as installed. */
  static ProviderAddresses publicAddresses() {
    return new ProviderAddresses(new Strict());
  }

  /** Standings where no issuer answers. */
  static Standings standings(Profiles profiles) {
    return new Standings(profiles, new DiscoveryScene().discoveries);
  }

  private Uni<Optional<TokenAnswer>> fetch(Profile profile, URI location) {
    fetched.add(location);
    return web.getOrDefault(location, Uni.createFrom().item(Optional.empty()));
  }

  /** From now on this document lies there. */
  void publish(String location, String document) {
    web.put(URI.create(location), Uni.createFrom().item(Optional.of(json(200, document))));
  }

  void publish(String location, TokenAnswer answer) {
    web.put(URI.create(location), Uni.createFrom().item(Optional.of(answer)));
  }

  static TokenAnswer json(int status, String document) {
    return new TokenAnswer(
        status, Optional.of("application/json"), Optional.empty(), new Body.Complete(document));
  }

  Optional<Metadata> find(Profile profile, String issuer) {
    return discoveries.find(profile, issuer).await().atMost(Duration.ofSeconds(30));
  }

  /** As installed. */
  private record Strict() implements ProviderConfig {
    @Override
    public boolean allowPlainHttp() {
      return false;
    }

    @Override
    public Duration connectTimeout() {
      return Duration.ofSeconds(2);
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(10);
    }

    @Override
    public Duration breakerDelay() {
      return Duration.ofSeconds(30);
    }

    @Override
    public Optional<List<String>> allowedNetworks() {
      return Optional.empty();
    }
  }
}
