package org.tokenbroker.serve.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.platform.identity.PeerIdentity;
import org.tokenbroker.serve.AccessRule;
import org.tokenbroker.serve.AccessRule.Allowance;
import org.tokenbroker.serve.AccessRule.Selector;
import org.tokenbroker.serve.AccessRuleId;
import org.tokenbroker.serve.AccessRuleStore.AllRead;
import org.tokenbroker.serve.AccessRuleStore.OneRead;
import org.tokenbroker.serve.AccessRuleStore.PageRead;
import org.tokenbroker.serve.AccessRuleStore.Put;
import org.tokenbroker.serve.AccessRuleStore.Removal;
import org.tokenbroker.serve.Consumer;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** Access rules on a real PostgreSQL, through the broker's own migrations. */
@TestInstance(Lifecycle.PER_CLASS)
class PgAccessRulesTest {
  private static final Consumer CART =
      new Consumer(PeerIdentity.parse("spiffe://example.org/ns/shop/sa/cart").orElseThrow());
  private static final TenantId ACME = new TenantId("acme");

  private final Postgres postgres = Postgres.start();
  private final Postgres.Database database = postgres.freshDatabase();
  private final MigratedDatabase migrated = MigratedDatabase.of(database, AccessRuleRow.class);
  private final PgAccessRules rules = new PgAccessRules(migrated.sessions(), HandTime.atNoon());

  @BeforeAll
  void theTableIsEmpty() {
    assertThat(now(rules.all())).isEqualTo(new AllRead.Found(List.of()));
  }

  @AfterAll
  void stop() {
    migrated.close();
    postgres.close();
  }

  static Stream<AccessRule> everyKind() {
    RegistrationId crm = new RegistrationId("crm");
    return Stream.of(
            new Selector.OneConnection(new ConnectionId("acme-1")),
            new Selector.OfTenant(ACME),
            new Selector.OfRegistration(crm),
            new Selector.OfTenantAndRegistration(ACME, crm))
        .flatMap(
            selector ->
                Stream.of(
                        new Allowance.Everything(), new Allowance.Only(Scopes.of("read", "write")))
                    .map(scopes -> new AccessRule(id("kind"), CART, selector, scopes)))
        .flatMap(rule -> Stream.of(rule, withKeys(rule)));
  }

  private static AccessRule withKeys(AccessRule rule) {
    return new AccessRule(rule.id(), rule.consumer(), rule.selector(), rule.scopes(), true);
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void aRuleIsReadAsItWasPut(AccessRule rule) {
    now(rules.put(rule));

    assertThat(now(rules.find(rule.id()))).isEqualTo(new OneRead.Found(rule));
  }

  @Test
  void puttingAgainReplacesAndDeletingAgainFindsNothing() {
    AccessRule wide = rule("replaced", new Allowance.Everything());
    AccessRule narrow = rule("replaced", new Allowance.Only(Scopes.of("read")));

    assertThat(now(rules.put(wide))).isEqualTo(Put.CREATED);
    assertThat(now(rules.put(narrow))).isEqualTo(Put.REPLACED);
    assertThat(now(rules.find(wide.id()))).isEqualTo(new OneRead.Found(narrow));
    assertThat(now(rules.delete(wide.id()))).isEqualTo(Removal.DELETED);
    assertThat(now(rules.delete(wide.id()))).isEqualTo(Removal.UNKNOWN);
    assertThat(now(rules.find(wide.id()))).isEqualTo(new OneRead.Unknown());
  }

  @Test
  void aPageSaysWhetherMoreFollow() {
    Consumer lister = new Consumer(PeerIdentity.parse("dns:lister.example.org").orElseThrow());
    for (String name : List.of("page-c", "page-a", "page-b")) {
      now(
          rules.put(
              new AccessRule(
                  id(name), lister, new Selector.OfTenant(ACME), new Allowance.Everything())));
    }

    assertThat(ids(now(rules.list(Optional.of(lister), Optional.empty(), 2))))
        .containsExactly("page-a", "page-b", "more");
    assertThat(ids(now(rules.list(Optional.of(lister), Optional.of(id("page-b")), 2))))
        .containsExactly("page-c");
    assertThat(ids(now(rules.list(Optional.of(CART), Optional.of(id("page-a")), 2))))
        .doesNotContain("page-b");
  }

  @Test
  void everyChangeIsToldToAllReplicas() {
    now(rules.put(rule("told", new Allowance.Everything())));
    String created = changedAt("told");
    now(rules.delete(id("told")));

    assertThat(created).isNotEmpty();
    assertThat(changedAt("told")).isGreaterThan(created);
  }

  @Test
  void anOutageIsAValueAndEndsWithThePostgresql() {
    AccessRule rule = rule("outage", new Allowance.Everything());
    now(rules.put(rule));
    postgres.stop();
    try {
      assertThat(now(rules.all())).isEqualTo(new AllRead.Unavailable());
      assertThat(now(rules.find(rule.id()))).isEqualTo(new OneRead.Unavailable());
      assertThat(now(rules.list(Optional.empty(), Optional.empty(), 5)))
          .isEqualTo(new PageRead.Unavailable());
      assertThat(now(rules.put(rule))).isEqualTo(Put.UNAVAILABLE);
      assertThat(now(rules.delete(rule.id()))).isEqualTo(Removal.UNAVAILABLE);
    } finally {
      postgres.restart();
    }

    assertThat(now(rules.find(rule.id()))).isEqualTo(new OneRead.Found(rule));
  }

  private String changedAt(String rule) {
    return String.join(
        "",
        database.column(
            "SELECT changed_at::text FROM change WHERE kind = 'access_rule' AND id = '"
                + rule
                + "'"));
  }

  private static List<String> ids(PageRead read) {
    return switch (read) {
      case PageRead.Page page ->
          Stream.concat(
                  page.rules().stream().map(rule -> rule.id().value()),
                  page.more() ? Stream.of("more") : Stream.empty())
              .toList();
      case PageRead.Unavailable unavailable ->
          throw new AssertionError("PostgreSQL does not answer");
    };
  }

  private static AccessRule rule(String name, Allowance scopes) {
    return new AccessRule(id(name), CART, new Selector.OfTenant(ACME), scopes);
  }

  private static AccessRuleId id(String name) {
    return new AccessRuleId(name);
  }

  private static <T> T now(Uni<T> uni) {
    return uni.subscribe()
        .withSubscriber(UniAssertSubscriber.create())
        .awaitItem(Duration.ofSeconds(30))
        .getItem();
  }
}
