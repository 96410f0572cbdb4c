package org.tokenbroker.serve.rest;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.tokenbroker.connection.Candidates;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Connections;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.KeyRefusals;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.ServableRead;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.refresh.Freshener;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;
import org.tokenbroker.token.Servable;
import org.tokenbroker.token.TenantId;

/**
 * The chapters before serving, as one test scripts them: connections with tokens, and refreshes
 * that come to something or not.
 */
@Alternative
@ApplicationScoped
public class ScriptedEngines implements Connections, Freshener, KeyRefusals {
  static final String REFRESH_TOKEN = "refresh-token-that-nobody-may-see";

  private final Map<ConnectionId, Connection> connections = new ConcurrentHashMap<>();
  private final Map<ConnectionId, Servable> servables = new ConcurrentHashMap<>();
  private final Map<ConnectionId, Uni<Freshened>> refreshes = new ConcurrentHashMap<>();
  private final AtomicInteger reads = new AtomicInteger();

  /** An active connection of that tenant, with a token of an hour. */
  void holds(String id, String tenant, long generation) {
    holds(id, tenant, generation, new Health.Active(Instant.EPOCH), Duration.ofHours(1));
  }

  void holds(String id, String tenant, long generation, Health health, Duration life) {
    Instant now = Instant.now();
    AccessToken token =
        new AccessToken(
            Secret.of("token-" + id + "-" + generation),
            "Bearer",
            Scopes.of("read", "write"),
            new Lifetime(now, now.plus(life)),
            new Generation(generation));
    ConnectionId key = new ConnectionId(id);
    connections.put(
        key,
        new Connection(
            key,
            Optional.of(new TenantId(tenant)),
            new RegistrationId("crm-production"),
            "acme",
            GrantType.AUTHORIZATION_CODE,
            Scopes.of("read", "write"),
            health,
            Optional.of(new Held(token.generation(), token.lifetime(), token.scopes())),
            Optional.empty(),
            Map.of("administration", "4711"),
            Map.of(),
            Instant.EPOCH,
            now));
    servables.put(key, token);
  }

  /** As {@link #holds}, granted these scopes. */
  void holdsScoped(String id, String tenant, String... scopes) {
    holds(id, tenant, 1);
    ConnectionId key = new ConnectionId(id);
    Instant now = Instant.now();
    servables.put(
        key,
        new AccessToken(
            Secret.of("token-" + id),
            "Bearer",
            Scopes.of(scopes),
            new Lifetime(now, now.plus(Duration.ofHours(1))),
            new Generation(1)));
  }

  /** A connection of that tenant that is an API key. */
  void holdsKey(String id, String tenant, long generation, Health health) {
    ConnectionId key = new ConnectionId(id);
    Generation newest = new Generation(generation);
    connections.put(
        key,
        new Connection(
            key,
            Optional.of(new TenantId(tenant)),
            new RegistrationId("crm-production"),
            "acme",
            GrantType.API_KEY,
            Scopes.of("read"),
            health,
            Optional.empty(),
            newest,
            Optional.empty(),
            Optional.empty(),
            Map.of("administration", "4711"),
            Map.of(),
            Instant.EPOCH,
            Instant.EPOCH));
    servables.put(
        key, new ApiKey(Secret.of("key-" + id + "-" + generation), Scopes.of("read"), newest));
  }

  /** From now on a refresh of that connection gives this generation. */
  void refreshGives(String id, String tenant, long generation) {
    refreshes.put(
        new ConnectionId(id),
        Uni.createFrom()
            .item(
                () -> {
                  holds(id, tenant, generation);
                  return new Freshened.Newer(new Generation(generation));
                }));
  }

  int reads() {
    return reads.get();
  }

  @Override
  public Uni<LedgerRead> find(ConnectionId id) {
    reads.incrementAndGet();
    if (id.value().equals("broken")) {
      return Uni.createFrom().failure(new IllegalStateException("upstream said " + REFRESH_TOKEN));
    }
    return read(Optional.ofNullable(connections.get(id)));
  }

  @Override
  public Uni<Candidates> find(TenantId tenant, RegistrationId registration) {
    return only(
        connections.values().stream()
            .filter(one -> one.belongsTo(tenant) && one.registration().equals(registration))
            .toList());
  }

  @Override
  public Uni<Candidates> find(TenantId tenant, String provider) {
    return only(
        connections.values().stream()
            .filter(one -> one.belongsTo(tenant) && one.provider().equals(provider))
            .toList());
  }

  @Override
  public Uni<ServableRead> servable(Connection connection) {
    reads.incrementAndGet();
    return Uni.createFrom()
        .item(
            () ->
                Optional.ofNullable(servables.get(connection.id()))
                    .<ServableRead>map(ServableRead.Found::new)
                    .orElseGet(ServableRead.Absent::new));
  }

  /** What an operator would see of a connection. */
  Health health(String id) {
    return Optional.ofNullable(connections.get(new ConnectionId(id))).orElseThrow().health();
  }

  @Override
  public Uni<Void> refused(ConnectionId id, Generation generation) {
    Connection known = Optional.ofNullable(connections.get(id)).orElseThrow();
    if (known.health() instanceof Health.Active) {
      holdsKey(
          id.value(),
          known.tenant().orElseThrow().value(),
          generation.value(),
          new Health.Ailing(Health.Ailment.KEY_REFUSED, 1, Instant.EPOCH));
    }
    return Uni.createFrom().voidItem();
  }

  @Override
  public Uni<Freshened> freshen(ConnectionId id, Generation seen, Reason reason) {
    return refreshes.getOrDefault(
        id, Uni.createFrom().item(new Freshened.NotNow(Duration.ofSeconds(7))));
  }

  private static Uni<Candidates> only(List<Connection> found) {
    return Uni.createFrom().item(new Candidates.Found(found));
  }

  private static Uni<LedgerRead> read(Optional<Connection> found) {
    return Uni.createFrom()
        .item(found.<LedgerRead>map(LedgerRead.Found::new).orElseGet(LedgerRead.Unknown::new));
  }

  /** A catalogue of one profile, {@code acme}. */
  @Alternative
  @ApplicationScoped
  public static class OneProfile implements Profiles {
    private final Profile acme = ProfileFixture.at(URI.create("https://as.example/")).profile();

    @Override
    public Optional<Profile> find(String id) {
      return Optional.of(acme).filter(profile -> profile.id().equals(id));
    }

    @Override
    public List<Profile> all() {
      return List.of(acme);
    }
  }

  /** No token request leaves a serving test. */
  @Alternative
  @ApplicationScoped
  public static class NoProvider implements TokenEndpoint {
    @Override
    public Uni<TokenReply> request(ProviderClient client, TokenRequest request) {
      throw new AssertionError("a serving test asks no provider");
    }

    @Override
    public Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation) {
      throw new AssertionError("a serving test asks no provider");
    }
  }
}
