package org.tokenbroker.serve;

import static org.tokenbroker.serve.Given.CART;
import static org.tokenbroker.serve.Given.ID;
import static org.tokenbroker.serve.Given.active;
import static org.tokenbroker.serve.Given.connection;
import static org.tokenbroker.serve.Given.holding;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.tokenbroker.connection.Candidates;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connections;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.KeyRefusals;
import org.tokenbroker.connection.LedgerRead;
import org.tokenbroker.connection.ServableRead;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.Here;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.ChangeFeed;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProfileFixture;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.refresh.Freshener;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.serve.AccessRule.Selector;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** One replica's serving side with engines in memory that count how often they are asked. */
final class ServeScene implements Connections, Freshener, KeyRefusals {
  static final Duration WAIT = Duration.ofMillis(50);

  final HandTime time = HandTime.atNoon();
  final List<Reason> refreshes = new ArrayList<>();
  final List<Generation> refusedKeys = new ArrayList<>();
  int ledgerReads;
  int safeReads;
  int ruleReads;

  LedgerRead ledger = new LedgerRead.Unknown();
  ServableRead safe = new ServableRead.Absent();
  AccessRuleStore.AllRead rules =
      new AccessRuleStore.AllRead.Found(List.of(Given.rule(CART, new Selector.OneConnection(ID))));
  Supplier<Uni<Freshened>> provider = () -> item(new Freshened.NotNow(Duration.ofSeconds(5)));

  /** Runs before the ledger answers. */
  Supplier<Uni<Void>> ledgerDelay = Uni.createFrom()::voidItem;

  /** Runs before the safe answers. */
  Supplier<Uni<Void>> safeDelay = Uni.createFrom()::voidItem;

  boolean profiled = true;
  private UnaryOperator<ProfileFixture> resource =
      profile -> profile.resource("Authorization", "Bearer");

  private final Apart apart = new Here();
  final HotTokens tokens = new HotTokens(this, apart, time, 100);
  final Directory directory = new Directory(this, apart, time, 100);
  final RuleBook book = new RuleBook(new CountedRules(), apart, time);
  private final Gate gate = new Gate(book);
  private final Handout handout = new Handout(book, new OneProfile(), new TheFeed(), time);
  private final Waiting waiting =
      new Waiting(tokens, gate, handout, this, new Patience(WAIT, 100), apart, time);
  private final Serving serving =
      new Serving(
          tokens, directory, gate, waiting, new Reports(tokens, gate, handout, waiting, this));

  boolean feedIsCurrent = true;

  /** Tells nothing here: tests say themselves what changed. */
  private final class TheFeed implements ChangeFeed {
    @Override
    public void subscribe(java.util.function.Consumer<Change> listener) {}

    @Override
    public boolean isCurrent() {
      return feedIsCurrent;
    }
  }

  /** The connection exists, is well and holds this token; nothing is in memory. */
  static ServeScene with(AccessToken token) {
    return with(active(), token);
  }

  static ServeScene with(Health health, AccessToken token) {
    ServeScene scene = new ServeScene();
    scene.keep(connection(health), token);
    return scene;
  }

  /** The connection is an API key, and the one rule there is lets keys out. */
  static ServeScene keyed(Health health, ApiKey key) {
    ServeScene scene = new ServeScene();
    scene.rules = new AccessRuleStore.AllRead.Found(List.of(Given.exporting(CART)));
    scene.put(health, key);
    return scene;
  }

  /** An operator put that key. */
  void put(Health health, ApiKey key) {
    ledger = new LedgerRead.Found(Given.keyed(health, key));
    safe = new ServableRead.Found(key);
  }

  /** As {@link #with}, and it was asked for once. */
  static ServeScene warm(AccessToken token) {
    ServeScene scene = with(token);
    scene.token();
    scene.forgetCounts();
    return scene;
  }

  void keep(Connection connection, AccessToken token) {
    ledger = new LedgerRead.Found(holding(connection, token));
    safe = new ServableRead.Found(token);
  }

  /** The ledger's row changes, and every replica hears of it. */
  void change(Health health) {
    ledger = new LedgerRead.Found(Given.in(health, found()));
    tokens.changed(ID);
  }

  /** A refresh put a newer token into safe and ledger, and every replica hears of it. */
  void refreshed(AccessToken token) {
    keep(found(), token);
    tokens.changed(ID);
  }

  /** As {@link #refreshed}, but the safe does not answer any more. */
  void refreshedBehindASilentSafe(AccessToken token) {
    keep(found(), token);
    safe = new ServableRead.Unavailable(SafeFault.UNREACHABLE);
    tokens.changed(ID);
  }

  void resource(String name, String text) {
    resource = profile -> profile.resource(name, text);
  }

  void inQuery(String parameter) {
    resource =
        profile -> profile.with("resource", "{placement: query, parameter: " + parameter + "}");
  }

  void forgetCounts() {
    ledgerReads = 0;
    safeReads = 0;
    ruleReads = 0;
    refreshes.clear();
  }

  int engineReads() {
    return ledgerReads + safeReads + ruleReads;
  }

  Answer token() {
    return token(CART);
  }

  Answer token(Consumer consumer) {
    return token(consumer, Scopes.none());
  }

  Answer token(Consumer consumer, Scopes scopes) {
    return now(serving.token(ask(consumer, scopes), new Target.ById(ID)));
  }

  Answer token(Target target) {
    return now(serving.token(ask(CART, Scopes.none()), target));
  }

  Answer tokenWithLife(Duration life) {
    return now(
        serving.token(
            new Serving.Ask(CART, MinimumLife.of(life), Scopes.none()), new Target.ById(ID)));
  }

  UniAssertSubscriber<Answer> beginToken() {
    return serving
        .token(ask(CART, Scopes.none()), new Target.ById(ID))
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create());
  }

  Answer report(Consumer consumer, Rejection rejection) {
    return now(serving.newerThan(ask(consumer, Scopes.none()), ID, rejection));
  }

  static <T> T now(Uni<T> uni) {
    return uni.subscribe()
        .withSubscriber(UniAssertSubscriber.create())
        .awaitItem(Duration.ofSeconds(5))
        .getItem();
  }

  static <T> Uni<T> item(T item) {
    return Uni.createFrom().item(item);
  }

  private static Serving.Ask ask(Consumer consumer, Scopes scopes) {
    return new Serving.Ask(consumer, MinimumLife.standard(), scopes);
  }

  private Connection found() {
    return ((LedgerRead.Found) ledger).connection();
  }

  @Override
  public Uni<LedgerRead> find(ConnectionId id) {
    ledgerReads++;
    return ledgerDelay.get().map(done -> ledger);
  }

  @Override
  public Uni<Candidates> find(TenantId tenant, RegistrationId registration) {
    ledgerReads++;
    return item(candidates());
  }

  @Override
  public Uni<Candidates> find(TenantId tenant, String provider) {
    ledgerReads++;
    return item(candidates());
  }

  private Candidates candidates() {
    return switch (ledger) {
      case LedgerRead.Found(Connection connection) -> new Candidates.Found(List.of(connection));
      case LedgerRead.Unknown unknown -> new Candidates.Found(List.of());
      case LedgerRead.Unavailable unavailable -> new Candidates.Unavailable();
    };
  }

  @Override
  public Uni<ServableRead> servable(Connection connection) {
    safeReads++;
    return safeDelay.get().map(done -> safe);
  }

  @Override
  public Uni<Void> refused(ConnectionId id, Generation generation) {
    refusedKeys.add(generation);
    return Uni.createFrom().voidItem();
  }

  void safeDown() {
    safe = new ServableRead.Unavailable(SafeFault.UNREACHABLE);
  }

  void ledgerDown() {
    ledger = new LedgerRead.Unavailable();
  }

  @Override
  public Uni<Freshened> freshen(ConnectionId id, Generation seen, Reason reason) {
    refreshes.add(reason);
    return provider.get();
  }

  /** The catalogue: every provider is alike, save for how its API takes tokens. */
  private final class OneProfile implements Profiles {
    @Override
    public Optional<Profile> find(String id) {
      return profiled
          ? Optional.of(resource.apply(ProfileFixture.anywhere()).profile())
          : Optional.empty();
    }

    @Override
    public List<Profile> all() {
      return find("crm").stream().toList();
    }
  }

  private final class CountedRules implements AccessRuleStore {
    @Override
    public Uni<AllRead> all() {
      ruleReads++;
      return item(rules);
    }

    @Override
    public Uni<OneRead> find(AccessRuleId id) {
      throw new AssertionError("serving reads all rules at once");
    }

    @Override
    public Uni<PageRead> list(
        Optional<Consumer> consumer, Optional<AccessRuleId> after, int limit) {
      throw new AssertionError("serving reads all rules at once");
    }

    @Override
    public Uni<Put> put(AccessRule rule) {
      throw new AssertionError("serving changes no rule");
    }

    @Override
    public Uni<Removal> delete(AccessRuleId id) {
      throw new AssertionError("serving changes no rule");
    }
  }
}
