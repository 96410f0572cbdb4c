package org.tokenbroker.event.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.event.store.EventDatabase.NOW;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.event.Delivery;
import org.tokenbroker.event.Failure;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Outbox.Written;
import org.tokenbroker.event.Webhook;
import org.tokenbroker.event.WebhookHealth;
import org.tokenbroker.event.WebhookId;
import org.tokenbroker.event.Webhooks.Found;
import org.tokenbroker.event.Webhooks.Kept;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** Webhooks and what waits for them. */
class PgOutboxTest {
  private static final int EACH = 4;

  /** 2,000 connections that each have gone back and forth. */
  private static final String[] BACKLOG = {
    """
    INSERT INTO connection (id, tenant, registration, provider, grant_type, requested_scopes, state, since, created_at, updated_at)
    SELECT 'many' || n, 'tenant', 'app', 'acme', 'authorization_code', '', 'active', now(), now(), now() FROM generate_series(1, 2000) n""",
    "UPDATE connection SET state = 'ailing', cause = 'THROTTLED'",
    "UPDATE connection SET state = 'active', cause = NULL",
    "UPDATE connection SET state = 'ailing', cause = 'THROTTLED'",
    "UPDATE connection SET state = 'active', cause = NULL"
  };

  private static final String WAITING =
      """
      SELECT event.tenant || ' ' || event.kind FROM delivery JOIN event ON event.sequence = delivery.sequence
      WHERE delivery.webhook = 'hook'""";

  private final EventDatabase database = new EventDatabase();
  private final PgOutbox outbox = database.outbox();
  private final PgWebhooks webhooks = database.webhooks();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatHappensWaitsForEachWebhookThatWantsIt() {
    hook("all", List.of(), List.of(), List.of());
    hook("failures", List.of(Kind.CONNECTION_AILING), List.of(), List.of());
    hook("tenant", List.of(), List.of(new TenantId("acme")), List.of());
    hook("registration", List.of(), List.of(), List.of(new RegistrationId("other")));
    String connection = database.connection("acme", "app");
    database.place();
    database.fails(connection);
    database.place();

    assertThat(backlog("all")).isEqualTo(2);
    assertThat(backlog("failures")).isEqualTo(1);
    assertThat(backlog("tenant")).isEqualTo(2);
    assertThat(backlog("registration")).isZero();
  }

  @Test
  void ofOneConnectionTheEventsGoOneAfterTheOtherAndOthersOvertake() {
    hook("hook");
    String connection = database.connection();
    database.fails(connection);
    String other = database.connection();
    database.place();

    List<Delivery> first = claimed();
    assertThat(first)
        .extracting(each -> each.event().subject())
        .containsExactlyInAnyOrder(connection, other);
    assertThat(claimed()).isEmpty();

    Delivery active = of(connection, first);
    assertThat(active.event().kind()).isEqualTo(Kind.CONNECTION_ACTIVE);
    assertThat(value(outbox.again(active, Failure.REFUSED, NOW.plusSeconds(60), NOW)))
        .isEqualTo(Written.DONE);
    value(outbox.delivered(of(other, first), NOW));
    database.fails(other);
    database.place();

    assertThat(claimed()).extracting(each -> each.event().subject()).containsExactly(other);
    Delivery again = claimed(NOW.plusSeconds(60)).getFirst();
    assertThat(again.event()).isEqualTo(active.event());
    assertThat(again.attempts()).isEqualTo(1);

    value(outbox.delivered(again, NOW));
    assertThat(claimed(NOW.plusSeconds(60)))
        .singleElement()
        .satisfies(next -> assertThat(next.event().kind()).isEqualTo(Kind.CONNECTION_AILING));
  }

  @Test
  void manyReplicasNeverHaveTwoEventsOfOneConnectionOnTheirWay() {
    hook("hook");
    String connection = database.connection();
    for (int i = 0; i < 5; i++) {
      database.fails(connection);
      database.recovers(connection);
    }
    database.place();

    List<Long> delivered = new ArrayList<>();
    for (int round = 0; round < 11; round++) {
      List<Uni<List<Delivery>>> replicas = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        replicas.add(outbox.claim(NOW, EACH, 10, Map.of()));
      }
      List<Delivery> claims =
          value(Uni.join().all(replicas).andFailFast()).stream().flatMap(List::stream).toList();
      assertThat(claims).hasSize(1);
      delivered.add(claims.getFirst().event().stamp().place().number());
      value(outbox.delivered(claims.getFirst(), NOW));
    }

    assertThat(delivered).isSorted().doesNotHaveDuplicates().hasSize(11);
    assertThat(claimed()).isEmpty();
  }

  @Test
  void aReplicaThatDiedIsFollowedByAnotherWhenItsLeaseEndsAndWritesNothingAnyMore() {
    hook("hook");
    database.connection();
    database.place();
    Delivery dead = claimed().getFirst();
    assertThat(claimed()).isEmpty();

    database.execute("UPDATE delivery SET lease_until = clock_timestamp() - interval '1 second'");
    Delivery successor = claimed().getFirst();

    assertThat(successor.event()).isEqualTo(dead.event());
    assertThat(value(outbox.delivered(dead, NOW))).isEqualTo(Written.FENCED);
    assertThat(value(outbox.again(dead, Failure.TIMED_OUT, NOW, NOW))).isEqualTo(Written.FENCED);
    assertThat(value(outbox.givenUp(dead, Failure.TIMED_OUT, NOW))).isEqualTo(Written.FENCED);
    assertThat(kept("hook").health()).isInstanceOf(WebhookHealth.Healthy.class);
    assertThat(value(outbox.delivered(successor, NOW))).isEqualTo(Written.DONE);
    assertThat(kept("hook").deliveredAt()).contains(NOW);
    assertThat(backlog("hook")).isZero();
  }

  @Test
  void aDeadWebhookHasOneAttemptAtATimeAndTheOthersHaveTheirsAllTheSame() {
    hook("dead");
    hook("living");
    for (int i = 0; i < 20; i++) {
      database.connection();
    }
    database.place();
    Delivery failed =
        claimed().stream().filter(each -> isFor("dead", each)).findFirst().orElseThrow();
    value(outbox.again(failed, Failure.TIMED_OUT, NOW, NOW));
    database.execute("UPDATE delivery SET lease_until = NULL");

    List<Delivery> claims = value(outbox.claim(NOW, EACH, 100, Map.of()));

    assertThat(claims).filteredOn(each -> isFor("dead", each)).hasSize(1);
    assertThat(claims).filteredOn(each -> isFor("living", each)).hasSize(EACH);
    assertThat(kept("dead").health()).isEqualTo(new WebhookHealth.Failing(Failure.TIMED_OUT, NOW));
  }

  /** Every replica looks once a second. */
  @Test
  void whatIsDueIsFoundWithoutReadingTheWholeBacklogOfADeadWebhook() throws SQLException {
    hook("dead");
    hook("good");
    database.execute(BACKLOG);
    while (!value(database.log().place(10_000, NOW, NOW.plusSeconds(60))).isEmpty()) {
      assertThat(backlog("dead")).isPositive();
    }
    database.execute(
        "DELETE FROM delivery WHERE webhook = 'good' AND sequence % 1000 <> 0", "ANALYZE delivery");
    List<Delivery> due = claimed();
    assertThat(due).anyMatch(each -> isFor("good", each));
    due.forEach(each -> value(outbox.again(each, Failure.UNREACHABLE, NOW, NOW)));

    try (Connection connection = database.transaction()) {
      assertThat(pagesReadBy(connection, PgOutbox.CLAIM)).isLessThan(1_000);
    }
  }

  @Test
  void aWebhookWithAHugeBacklogOfFailuresIsPutAgainWithoutWritingAllOfIt() {
    hook("dead");
    database.execute(BACKLOG);
    while (!value(database.log().place(10_000, NOW, NOW.plusSeconds(60))).isEmpty()) {
      assertThat(backlog("dead")).isPositive();
    }
    database.execute("UPDATE delivery SET attempts = 1, next_at = next_at + interval '15 minutes'");

    hook("dead");

    assertThat(database.column("SELECT count(*) FROM delivery WHERE attempts = 0"))
        .containsExactly("5000");
    assertThat(claimed()).hasSize(EACH);
  }

  private static long pagesReadBy(Connection connection, String claim) throws SQLException {
    String sql =
        claim
            .replace(":now", "TIMESTAMPTZ '" + NOW + "'")
            .replace(":each", Integer.toString(EACH))
            .replace(":limit", "256")
            .replace(":room", "'{}'");
    try (Statement statement = connection.createStatement();
        ResultSet plan = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql)) {
      plan.next();
      JsonObject top = new JsonArray(plan.getString(1)).getJsonObject(0).getJsonObject("Plan");
      return top.getLong("Shared Hit Blocks") + top.getLong("Shared Read Blocks");
    }
  }

  @Test
  void aWebhookHasNoMoreOnItsWayThanThereIsRoomFor() {
    hook("busy");
    hook("idle");
    for (int i = 0; i < 10; i++) {
      database.connection();
    }
    database.place();

    List<Delivery> claims = value(outbox.claim(NOW, EACH, 100, Map.of(new WebhookId("busy"), 1)));

    assertThat(claims).filteredOn(each -> isFor("busy", each)).hasSize(1);
    assertThat(claims).filteredOn(each -> isFor("idle", each)).hasSize(EACH);
  }

  @Test
  void afterAGivenUpEventTheNextOfItsConnectionGoes() {
    hook("hook");
    String connection = database.connection();
    database.fails(connection);
    database.place();

    value(outbox.givenUp(claimed().getFirst(), Failure.REFUSED, NOW));

    assertThat(kept("hook").givenUp()).isEqualTo(1);
    assertThat(kept("hook").health()).isEqualTo(new WebhookHealth.Failing(Failure.REFUSED, NOW));
    Delivery next = claimed().getFirst();
    assertThat(next.event().kind()).isEqualTo(Kind.CONNECTION_AILING);
    value(outbox.delivered(next, NOW));
    assertThat(kept("hook").health()).isEqualTo(new WebhookHealth.Healthy());
    assertThat(kept("hook").givenUp()).isEqualTo(1);
  }

  @Test
  void aWebhookThatIsGoneGetsNothingUntilItIsPutAgain() {
    hook("hook");
    database.connection();
    database.place();
    value(outbox.gone(claimed().getFirst(), NOW));

    assertThat(kept("hook").health()).isEqualTo(new WebhookHealth.Gone(NOW));
    database.connection();
    database.place();
    assertThat(claimed()).isEmpty();
    assertThat(backlog("hook")).as("what happened meanwhile is not queued").isEqualTo(1);

    hook("hook");
    assertThat(kept("hook").health()).isEqualTo(new WebhookHealth.Healthy());
    assertThat(claimed()).hasSize(1);
  }

  @Test
  void whatWaitsForADisabledWebhookWaitsUntilItsTimeIsOver() {
    hook("hook");
    database.connection();
    database.place();
    put(new Webhook(new WebhookId("hook"), url("hook"), List.of(), List.of(), List.of(), true));
    assertThat(kept("hook").health()).isEqualTo(new WebhookHealth.Disabled(NOW));
    assertThat(claimed()).isEmpty();

    assertThat(value(outbox.giveUpUnwanted(NOW, 10))).isZero();
    assertThat(value(outbox.giveUpUnwanted(NOW.plus(Duration.ofDays(2)), 10))).isEqualTo(1);
    assertThat(kept("hook").givenUp()).isEqualTo(1);
  }

  @Test
  void aPostponedDeliveryIsNobodysFault() {
    hook("hook");
    database.connection();
    database.place();

    value(outbox.postponed(claimed().getFirst(), NOW.plusSeconds(10)));

    assertThat(claimed()).isEmpty();
    assertThat(claimed(NOW.plusSeconds(10)))
        .singleElement()
        .satisfies(each -> assertThat(each.attempts()).isZero());
    assertThat(kept("hook").health()).isEqualTo(new WebhookHealth.Healthy());
  }

  @Test
  void aWebhookThatIsPutAgainIsTriedAtOnce() {
    hook("hook");
    database.connection();
    database.place();
    value(outbox.again(claimed().getFirst(), Failure.UNREACHABLE, NOW.plusSeconds(900), NOW));
    assertThat(claimed()).isEmpty();

    hook("hook");

    assertThat(claimed()).singleElement().satisfies(each -> assertThat(each.attempts()).isZero());
  }

  /** Its place may be taken by somebody who must not see what the one before was told. */
  @Test
  void whatWaitsAndIsNotWantedAnyMoreIsNotSentToWhomeverTheWebhookLeadsNow() {
    hook("hook");
    hook("other");
    database.connection("acme", "app");
    String foreign = database.connection("globex", "app");
    database.fails(database.connection("acme", "other"));
    database.place();
    Delivery running = of(foreign, claimed().stream().filter(each -> isFor("hook", each)).toList());

    put(
        new Webhook(
            new WebhookId("hook"),
            url("successor"),
            List.of(Kind.CONNECTION_ACTIVE),
            List.of(new TenantId("acme")),
            List.of(new RegistrationId("app")),
            false));

    assertThat(database.column(WAITING)).containsExactly("acme connection.active");
    assertThat(backlog("other")).isEqualTo(4);
    assertThat(value(outbox.again(running, Failure.SERVER_ERROR, NOW, NOW)))
        .isEqualTo(Written.FENCED);
  }

  @Test
  void whatIsBeingPlacedForAWebhookOfBeforeIsNotSentToItsSuccessorEither() throws SQLException {
    hook("hook");
    database.connection("globex", "app");
    Webhook successor =
        new Webhook(
            new WebhookId("hook"),
            url("successor"),
            List.of(),
            List.of(new TenantId("acme")),
            List.of(),
            false);
    try (Connection placing = database.transaction()) {
      EventDatabase.run(placing, "SELECT last FROM event_order FOR UPDATE");
      EventDatabase.run(placing, "UPDATE event SET sequence = 1");
      EventDatabase.run(
          placing,
          """
          INSERT INTO delivery (webhook, sequence, subject, next_at, give_up_at)
          SELECT 'hook', sequence, connection, now(), now() FROM event""");
      CompletableFuture<?> put = webhooks.put(successor, NOW).subscribeAsCompletionStage();
      Awaitility.await().until(() -> put.isDone() || database.isWaitedFor());
      placing.commit();
      assertThat(put).succeedsWithin(Duration.ofSeconds(20));
    }

    assertThat(database.column(WAITING)).isEmpty();
  }

  @Test
  void aReceiverOfBeforeThatIsGoneDoesNotEndTheOneThatFollowsIt() {
    hook("hook");
    database.connection();
    database.place();
    Delivery toTheOneBefore = claimed().getFirst();
    put(
        new Webhook(
            new WebhookId("hook"), url("successor"), List.of(), List.of(), List.of(), false));

    value(outbox.gone(toTheOneBefore, NOW));

    assertThat(kept("hook").health()).isEqualTo(new WebhookHealth.Healthy());
    assertThat(claimed())
        .singleElement()
        .satisfies(each -> assertThat(each.url()).isEqualTo(url("successor")));
  }

  @Test
  void whatWaitsForADeletedWebhookGoesWithIt() {
    hook("hook");
    database.connection();
    database.place();
    Delivery running = claimed().getFirst();

    value(webhooks.delete(new WebhookId("hook")));

    assertThat(value(outbox.delivered(running, NOW))).isEqualTo(Written.FENCED);
    assertThat(database.column("SELECT count(*) FROM delivery")).containsExactly("0");
    assertThat(value(webhooks.find(new WebhookId("hook")))).isEqualTo(new Found.Unknown());
  }

  @Test
  void theCensusCountsWhatWaitsAndTellsSinceWhen() {
    assertThat(value(outbox.census()).orElseThrow().backlog()).isZero();
    assertThat(value(outbox.census()).orElseThrow().oldest()).isEmpty();
    hook("hook");
    database.connection();
    database.connection();
    database.place();

    assertThat(value(outbox.census()).orElseThrow().backlog()).isEqualTo(2);
    assertThat(value(outbox.census()).orElseThrow().oldest().orElseThrow())
        .isBefore(Instant.now().plusSeconds(1));
    assertThat(kept("hook").oldest()).isEqualTo(value(outbox.census()).orElseThrow().oldest());
  }

  private void hook(String id) {
    hook(id, List.of(), List.of(), List.of());
  }

  private void hook(
      String id, List<Kind> kinds, List<TenantId> tenants, List<RegistrationId> registrations) {
    put(new Webhook(new WebhookId(id), url(id), kinds, tenants, registrations, false));
  }

  private void put(Webhook webhook) {
    value(webhooks.put(webhook, NOW));
    assertThat(kept(webhook.id().value()).webhook()).isEqualTo(webhook);
  }

  private Kept kept(String id) {
    return ((Found.Yes) value(webhooks.find(new WebhookId(id)))).kept();
  }

  private long backlog(String id) {
    return kept(id).backlog();
  }

  private List<Delivery> claimed() {
    return claimed(NOW);
  }

  private List<Delivery> claimed(Instant now) {
    return value(outbox.claim(now, EACH, 100, Map.of()));
  }

  private static boolean isFor(String hook, Delivery delivery) {
    return delivery.webhook().value().equals(hook);
  }

  private static Delivery of(String subject, List<Delivery> deliveries) {
    return deliveries.stream()
        .filter(each -> each.event().subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  private static URI url(String id) {
    return URI.create("https://receiver.example/" + id);
  }
}
