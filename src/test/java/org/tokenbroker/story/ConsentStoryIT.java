package org.tokenbroker.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Browser.Page;
import org.tokenbroker.fixture.OpenBaoAdmin.VersionState;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.sandbox.LedgerEntry;
import org.tokenbroker.sandbox.TokenLedger;

class ConsentStoryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final World world = World.shared();
  private final Operator operator = world.operator();
  private final Provider brief = world.brief();

  @Test
  @Requirement({"MO-2", "MO-10", "MO-15", "X-1", "X-3", "G-13"})
  void oneConsentGivesTokensThatStayFreshUntilTheConnectionIsDeleted() {
    operator.registers("life-app", brief, Proof.SECRET_IN_HEADER);
    operator.connects("life", "life-tenant", "life-app");
    Consumer consumer = operator.allows("life-pod", "life");
    assertThat(operator.stateOf("life")).isEqualTo("pending_consent");
    assertThat(consumer.asksFor("life").statusCode()).isEqualTo(409);

    Page thanks = world.owner("life-owner").agreesTo(operator.invites("life"), brief);

    assertThat(thanks.document().title()).isEqualTo("Thank you. Access has been granted.");
    ServedToken first = consumer.fetches("life");
    assertThat(first.body().fieldNames())
        .containsExactlyInAnyOrder(
            "access_token",
            "token_type",
            "expires_in",
            "expires_at",
            "refresh_after",
            "generation",
            "scope",
            "header",
            "metadata");
    assertThat(first.body().getJsonObject("header").getString("value"))
        .isEqualTo("Bearer " + first.value());
    assertThat(first.body().getJsonObject("metadata").getString("plan")).isEqualTo("story");
    assertThat(brief.server().accepts(first.value())).isTrue();

    operator.waitsForGeneration("life", first.generation() + 1);
    List<ServedToken> served = readsUntilGeneration(consumer, "life", first.generation() + 3);

    assertThat(served)
        .extracting(ServedToken::generation)
        .isSorted()
        .allMatch(each -> each > first.generation());
    theProviderSawEachRefreshTokenOnce("life-owner");
    String last = served.getLast().value();
    theNewestRefreshTokenRestsInTheSafe("life", "life-owner");

    operator.deletes("life");

    assertThat(consumer.asksFor("life").statusCode()).isEqualTo(404);
    assertThat(operator.asks().get("/v1/connections/life").statusCode()).isEqualTo(404);
    Awaitility.await("the provider knows of the end")
        .atMost(PATIENCE)
        .until(
            () ->
                brief.server().newestRefreshTokens("life-owner").isEmpty()
                    && !brief.server().accepts(last));
    nothingIsLeftInTheSafe("life");
  }

  @Test
  @Requirement({"MO-13", "MO-15", "I5"})
  void aGrantRevokedAtTheProviderNeedsConsentAndIsReplacedInPlace() {
    operator.registers("revoked-app", brief, Proof.SECRET_IN_BODY);
    operator.connects("revoked", "revoked-tenant", "revoked-app");
    operator.connects("neighbour", "other-tenant", "revoked-app");
    Consumer consumer = operator.allows("revoked-pod", "revoked");
    Consumer other = operator.allows("neighbour-pod", "neighbour");
    world.owner("revoking-owner").agreesTo(operator.invites("revoked"), brief);
    world.owner("faithful-owner").agreesTo(operator.invites("neighbour"), brief);
    ServedToken before = consumer.fetches("revoked");
    long neighbourBefore = other.fetches("neighbour").generation();

    brief.server().revokeGrants("revoking-owner");

    operator.waitsForState("revoked", "needs_consent");
    String problem = consumer.waitsFor("revoked", 409).asString();
    assertThat(problem).contains("consent_required");
    long presented = brief.server().ledger().refreshesOf("revoking-owner").size();
    other.waitsForGeneration("neighbour", neighbourBefore + 2);
    assertThat(operator.stateOf("neighbour")).isEqualTo("active");
    assertThat(brief.server().ledger().refreshesOf("revoking-owner")).hasSize((int) presented);
    assertThat(brief.server().ledger().presentedAgainAfterInvalidGrant()).isEmpty();

    world.owner("revoking-owner").agreesTo(operator.invites("revoked"), brief);

    ServedToken after = consumer.fetches("revoked");
    assertThat(after.generation()).isGreaterThan(before.generation());
    assertThat(brief.server().accepts(after.value())).isTrue();
    assertThat(operator.stateOf("revoked")).isEqualTo("active");
    operator.deletes("revoked");
    operator.deletes("neighbour");
  }

  @Test
  @Requirement({"X-2", "G-13", "G-14", "MO-15"})
  void whatAnOperatorRevokesEndsEverywhereAndComesBackInPlaceByANewConsentOnly() {
    operator.registers("ended-app", world.lasting(), Proof.SECRET_IN_BODY);
    operator.connects("ended", "ended-tenant", "ended-app");
    Consumer consumer = operator.allows("ended-pod", "ended");
    Owner owner = world.owner("ended-owner");
    owner.agreesTo(operator.invites("ended"), world.lasting());
    ServedToken before = consumer.fetches("ended");
    Owner late = world.owner("late-owner");
    URI begunBefore = late.allowsAt(late.goesTo(operator.invites("ended"), world.lasting()));

    JsonObject said =
        Awaitility.await("what it held is erased")
            .atMost(PATIENCE)
            .until(
                () -> operator.revokes("ended"),
                answer -> answer.getString("in_safe").equals("destroyed"));

    assertThat(said.getString("state")).isEqualTo("revoked");
    assertThat(said.getString("at_provider")).isEqualTo("told");
    assertThat(said.getJsonArray("died")).containsExactly("access_token", "refresh_token");
    nothingIsLeftInTheSafe("ended");
    assertThat(consumer.waitsFor("ended", 409).asString()).contains("consent_required");
    Awaitility.await("the provider knows of the end")
        .atMost(PATIENCE)
        .until(
            () ->
                world.lasting().server().newestRefreshTokens("ended-owner").isEmpty()
                    && !world.lasting().server().accepts(before.value()));
    assertThat(late.returnsBy(begunBefore).document().title())
        .isNotEqualTo("Thank you. Access has been granted.");
    assertThat(operator.stateOf("ended")).isEqualTo("revoked");

    owner.agreesTo(operator.invites("ended"), world.lasting());

    ServedToken after = consumer.waitsForGeneration("ended", before.generation() + 1);
    assertThat(world.lasting().server().accepts(after.value())).isTrue();
    assertThat(operator.sees("ended").getString("tenant")).isEqualTo("ended-tenant");
    assertThat(operator.stateOf("ended")).isEqualTo("active");
    Awaitility.await("each change is told once")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator.eventsOf("ended"))
                    .containsExactly(
                        "connection.active", "connection.revoked", "connection.active"));
    operator.deletes("ended");
  }

  @Test
  @Requirement({"MO-15", "B4"})
  void anOwnerMayRefuseAndThinkBetterOfItAndACallbackWorksOnce() {
    operator.registers("wavering-app", world.lasting(), Proof.SECRET_IN_BODY);
    operator.connects("wavering", "wavering-tenant", "wavering-app");
    Consumer consumer = operator.allows("wavering-pod", "wavering");
    URI link = operator.invites("wavering");
    Owner owner = world.owner("wavering-owner");

    Page refused = owner.refuses(link, world.lasting());

    assertThat(refused.document().title()).isEqualTo("Access was not granted.");
    assertThat(operator.stateOf("wavering")).isEqualTo("pending_consent");

    URI callback = owner.allowsAt(owner.goesTo(link, world.lasting()));
    Page stolen = world.owner("thief").returnsBy(callback);
    Page thanks = owner.returnsBy(callback);
    long exchanged = world.lasting().server().ledger().count("authorization_code");
    Page replayed = owner.returnsBy(callback);

    assertThat(stolen.status()).isEqualTo(403);
    assertThat(thanks.document().title()).isEqualTo("Thank you. Access has been granted.");
    assertThat(replayed.document().title()).isNotEqualTo(thanks.document().title());
    assertThat(world.lasting().server().ledger().count("authorization_code")).isEqualTo(exchanged);
    assertThat(consumer.fetches("wavering").generation()).isEqualTo(1);
  }

  @Test
  void aDisabledConnectionIsServedToNobodyUntilItIsEnabled() {
    operator.registers("switch-app", world.lasting(), Proof.SECRET_IN_BODY);
    operator.connectsMachine("switch", "switch-tenant", "switch-app");
    Consumer consumer = operator.allows("switch-pod", "switch");
    ServedToken before = consumer.waitsForGeneration("switch", 1);

    operator.disables("switch");

    assertThat(operator.stateOf("switch")).isEqualTo("disabled");
    assertThat(consumer.asksFor("switch").statusCode()).isEqualTo(404);

    operator.enables("switch");

    assertThat(consumer.waitsFor("switch", 200).asString()).contains(before.value());
  }

  private List<ServedToken> readsUntilGeneration(
      Consumer consumer, String connection, long generation) {
    List<ServedToken> served = new ArrayList<>();
    Awaitility.await("readers see generation " + generation)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              ServedToken token = consumer.fetches(connection);
              assertThat(token.expiresAt()).isAfter(Instant.now());
              assertThat(brief.server().accepts(token.value())).isTrue();
              served.add(token);
              return token.generation() >= generation;
            });
    return served;
  }

  private void theProviderSawEachRefreshTokenOnce(String account) {
    TokenLedger ledger = brief.server().ledger();
    List<LedgerEntry> refreshes = ledger.refreshesOf(account);
    assertThat(refreshes).hasSizeGreaterThanOrEqualTo(3);
    assertThat(refreshes).extracting(LedgerEntry::fingerprint).doesNotHaveDuplicates();
    assertThat(refreshes)
        .allMatch(entry -> entry.presented().orElseThrow() == LedgerEntry.Presented.NEWEST);
    assertThat(ledger.overlaps()).isEmpty();
    assertThat(ledger.reuse()).isEmpty();
  }

  private void theNewestRefreshTokenRestsInTheSafe(String connection, String account) {
    Awaitility.await("the safe holds the newest refresh token")
        .atMost(PATIENCE)
        .until(
            () ->
                world
                    .vault()
                    .admin()
                    .read(World.MOUNT, "token-broker/connections/" + connection)
                    .getString("refresh_token")
                    .equals(brief.server().newestRefreshTokens(account).getLast()));
  }

  private void nothingIsLeftInTheSafe(String connection) {
    assertThat(
            world
                .vault()
                .admin()
                .versions(World.MOUNT, "token-broker/connections/" + connection)
                .values())
        .as("versions of the deleted credential")
        .allMatch(VersionState.DESTROYED::equals);
  }
}
