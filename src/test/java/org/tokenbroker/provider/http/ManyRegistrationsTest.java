package org.tokenbroker.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.ClientProxy;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxImpl;
import jakarta.inject.Inject;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Ledger;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.fixture.StrictProvider;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.Registrations;
import org.tokenbroker.provider.Registrations.Listing;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;
import org.tokenbroker.sandbox.OAuthClient;
import org.tokenbroker.sandbox.StrictOptions;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** One client for each customer (providers.md, ten facts, 2): thousands of registrations. */
@QuarkusTest
@TestProfile(CallsToProviders.class)
class ManyRegistrationsTest {
  private static final int MANY = 2000;
  private static final int AT_ONCE = 8;
  private static final int PAGE = 200;

  @Inject Registrations registrations;
  @Inject Ledger ledger;
  @Inject TokenEndpoint endpoint;
  @Inject OidcClientPool pool;
  @Inject MeterRegistry metrics;
  @Inject Vertx vertx;

  private final StrictProvider provider = StrictProvider.start(StrictOptions.strict());
  private final Profile profile = Callers.profile(provider).limits(10_000, AT_ONCE).profile();

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  @Requirement({"IV-1", "IV-3"})
  void thousandsOfRegistrationsAreListedByPagesAndCalledWithFewClients() {
    provider
        .server()
        .register(
            OAuthClient.of(Callers.ID, new OAuthClient.SecretPost(Callers.SECRET))
                .redirectingTo(Callers.CALLBACK));
    Footprint before = footprint();
    List<ProviderClient> clients =
        IntStream.range(0, MANY).mapToObj(number -> Callers.withSecret(profile)).toList();

    each(clients, 1, client -> registrations.put(client.registration(), held(), Instant.EPOCH));
    each(clients, 1, client -> ledger.create(connection(client.registration())));
    List<TokenReply> replies =
        each(
            clients,
            AT_ONCE,
            client ->
                endpoint.request(client, new TokenRequest.ClientCredentials(Scopes.of("read"))));

    assertThat(listed()).hasSize(MANY);
    assertThat(replies).hasSize(MANY).allMatch(TokenReply.Granted.class::isInstance);
    assertThat(pool.size()).isEqualTo(OidcClientPool.MOST);
    assertThat(metrics.get("token_broker_provider_clients").gauge().value())
        .isEqualTo(OidcClientPool.MOST);
    Footprint after = footprint();
    assertThat(after.threads()).isLessThan(before.threads() + MANY / 20);
    assertThat(after.timers())
        .as("one that cleans up after each living HTTP client, and a few for calls")
        .isLessThan(before.timers() + OidcClientPool.MOST + MANY / 20);
    assertThat(endpointAgain(clients.getFirst())).isInstanceOf(TokenReply.Granted.class);
  }

  /**
   * What goes on by itself.
   *
   * @param timers of Vert.x, periodic ones and others
   */
  private record Footprint(int threads, int timers) {}

  private Footprint footprint() {
    return new Footprint(Thread.getAllStackTraces().size(), timers());
  }

  /** Vert.x tells nobody how many it has. */
  private int timers() {
    try {
      Field timeouts = VertxImpl.class.getDeclaredField("timeouts");
      timeouts.setAccessible(true);
      return ((Map<?, ?>) timeouts.get(ClientProxy.unwrap(vertx))).size();
    } catch (ReflectiveOperationException changed) {
      throw new AssertionError("Vert.x keeps its timers elsewhere", changed);
    }
  }

  private TokenReply endpointAgain(ProviderClient client) {
    return run(
        () -> endpoint.request(client, new TokenRequest.ClientCredentials(Scopes.of("read"))));
  }

  /** All of this test's, page by page. */
  private List<RegistrationId> listed() {
    List<RegistrationId> ids = new ArrayList<>();
    Optional<RegistrationId> after = Optional.empty();
    boolean more = true;
    while (more) {
      Optional<RegistrationId> from = after;
      Listing.Page page =
          (Listing.Page) run(() -> registrations.list(Optional.of(profile.id()), from, PAGE));
      assertThat(page.registrations()).hasSizeLessThanOrEqualTo(PAGE);
      page.registrations().forEach(kept -> ids.add(kept.registration().id()));
      after = Optional.of(ids.getLast());
      more = page.more();
    }
    return ids;
  }

  private Connection connection(Registration registration) {
    return new Connection(
        new ConnectionId("of-" + registration.id()),
        Optional.of(new TenantId("tenant-" + registration.id())),
        registration.id(),
        registration.profile(),
        GrantType.CLIENT_CREDENTIALS,
        Scopes.of("read"),
        new Health.Active(Instant.EPOCH),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static Set<SecretKind> held() {
    return Set.of(SecretKind.CLIENT_ID, SecretKind.CLIENT_SECRET);
  }

  private interface Work<T> {
    Uni<? extends T> with(ProviderClient client);
  }

  private static <T> List<T> each(List<ProviderClient> clients, int atOnce, Work<T> work) {
    return run(
        () ->
            Multi.createFrom()
                .iterable(clients)
                .onItem()
                .<T>transformToUni(client -> work.with(client).map(outcome -> outcome))
                .merge(atOnce)
                .collect()
                .asList());
  }

  private static <T> T run(Supplier<Uni<T>> work) {
    try {
      return VertxContextSupport.subscribeAndAwait(
          () -> work.get().ifNoItem().after(Duration.ofSeconds(60)).fail());
    } catch (Throwable failure) {
      throw new AssertionError("a service failed", failure);
    }
  }
}
