package org.tokenbroker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokenbroker.sandbox.Fault.Effect.APPLIED;
import static org.tokenbroker.sandbox.Fault.Effect.NOT_APPLIED;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.StrictProvider;

class StrictFaultsTest {
  private final StrictProvider provider =
      StrictProvider.start(StrictOptions.strict().client(StrictClient.registration()));
  private final StrictAuthorizationServer server = provider.server();
  private final StrictClient client = new StrictClient(provider);
  private String token = "";

  @BeforeEach
  void connect() {
    token = client.connect("alice").getString("refresh_token");
    server.ledger().clear();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  void cutBeforeTheEffectLeavesTheTokenUnspent() {
    server.faults().nextRefresh(new Fault.Cut(NOT_APPLIED));

    assertThatThrownBy(() -> client.refresh(token)).isInstanceOf(StrictClient.BrokenAnswer.class);

    assertThat(server.newestRefreshTokens("alice")).containsExactly(token);
    assertThat(client.refresh(token).statusCode()).isEqualTo(200);
    assertThat(server.ledger().reuse()).isEmpty();
  }

  @Test
  void cutAfterTheEffectHasSpentTheToken() {
    server.faults().nextRefresh(new Fault.Cut(APPLIED));

    assertThatThrownBy(() -> client.refresh(token)).isInstanceOf(StrictClient.BrokenAnswer.class);

    assertThat(server.newestRefreshTokens("alice")).doesNotContain(token).hasSize(1);
    LedgerEntry entry = server.ledger().refreshes().getFirst();
    assertThat(entry.issued()).isTrue();
    assertThat(entry.delivered()).isFalse();
    assertThat(entry.status()).isZero();
  }

  @Test
  void cutMidBodyDeliversNoWholeAnswer() {
    server.faults().nextRefresh(new Fault.CutMidBody());

    assertThatThrownBy(() -> client.refresh(token)).isInstanceOf(StrictClient.BrokenAnswer.class);

    awaitAllEnded();
    assertThat(server.ledger().refreshes())
        .singleElement()
        .matches(LedgerEntry::issued, "issued")
        .matches(entry -> entry.status() == 200 && !entry.delivered(), "begun and not delivered");
  }

  @Test
  void hangEndsWhenTheCallerGivesUp() {
    server.faults().nextRefresh(new Fault.Hang(NOT_APPLIED));

    assertThatThrownBy(() -> client.refresh(token, Duration.ofMillis(500)))
        .isInstanceOf(StrictClient.BrokenAnswer.class);

    awaitAllEnded();
    assertThat(server.newestRefreshTokens("alice")).containsExactly(token);
  }

  @Test
  void delayedAnswersOfOneGrantOverlapInTheLedger() {
    server.faults().next("refresh_token", 2, new Fault.Delay(Duration.ofMillis(400)));

    CompletableFuture<HttpResponse<String>> first = client.refreshLater(token);
    Awaitility.await().until(() -> server.ledger().open().size() == 1);
    CompletableFuture<HttpResponse<String>> second = client.refreshLater(token);

    assertThat(first.join().statusCode()).isEqualTo(200);
    assertThat(second.join().statusCode()).isEqualTo(400);
    assertThat(server.ledger().overlaps()).hasSize(1);
    assertThat(server.ledger().reuse()).hasSize(1);
  }

  @Test
  void consecutiveRefreshesDoNotOverlap() {
    String newest = token;
    for (int i = 0; i < 5; i++) {
      newest = new JsonObject(client.refresh(newest).body()).getString("refresh_token");
    }

    assertThat(server.ledger().overlaps()).isEmpty();
    assertThat(server.ledger().reuse()).isEmpty();
    assertThat(server.ledger().count("refresh_token")).isEqualTo(5);
    assertThat(server.ledger().refreshesOf("alice")).hasSize(5);
  }

  @Test
  void scriptedAnswersArriveAsWritten() {
    Instant retryAt = Instant.parse("2026-05-01T12:00:30Z");
    server.faults().next(Fault.throttled(Duration.ofSeconds(30)));
    server.faults().next(Fault.throttledUntil(retryAt));
    server.faults().next(Fault.unavailable());
    server.faults().next(Fault.serverError());
    server.faults().next(Fault.redirect("https://elsewhere.example/token"));
    server.faults().next(Fault.invalidClient());
    server.faults().next(Fault.errorWithStatus200("invalid_grant"));

    assertThat(client.refresh(token).headers().firstValue("Retry-After")).contains("30");
    assertThat(client.refresh(token).headers().firstValue("Retry-After"))
        .contains("Fri, 1 May 2026 12:00:30 GMT");
    assertThat(client.refresh(token).statusCode()).isEqualTo(503);
    assertThat(client.refresh(token).statusCode()).isEqualTo(500);
    assertThat(client.refresh(token).headers().firstValue("Location"))
        .contains("https://elsewhere.example/token");
    assertThat(client.refresh(token).statusCode()).isEqualTo(401);
    HttpResponse<String> strange = client.refresh(token);
    assertThat(strange.statusCode()).isEqualTo(200);
    assertThat(strange.body()).contains("invalid_grant");
    assertThat(server.faults().isPlayed()).isTrue();
    assertThat(client.refresh(token).statusCode()).isEqualTo(200);
  }

  @Test
  void unusableSuccessHasSpentTheToken() {
    server.faults().nextRefresh(Fault.html());

    HttpResponse<String> page = client.refresh(token);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html");
    assertThat(server.newestRefreshTokens("alice")).doesNotContain(token);
  }

  @Test
  void hugeBodyHasTheLengthAskedFor() {
    server.faults().nextRefresh(new Fault.HugeBody(3L * 1024 * 1024));

    assertThat(client.refresh(token).body())
        .hasSize(3 * 1024 * 1024 + "{\"access_token\":\"\"}".length());
  }

  @Test
  void nestingIsAsDeepAsAskedFor() {
    server.faults().nextRefresh(Fault.deeplyNested(2_000));

    assertThat(client.refresh(token).body()).contains("[".repeat(2_000) + "]".repeat(2_000));
  }

  @Test
  void presentingAgainAfterInvalidGrantIsNoticed() {
    server.faults().nextRefresh(Fault.invalidGrant("marker-in-description"));

    assertThat(client.refresh(token).body()).contains("marker-in-description");
    assertThat(server.ledger().presentedAgainAfterInvalidGrant()).isEmpty();
    assertThat(client.refresh(token).statusCode()).isEqualTo(200);

    assertThat(server.ledger().presentedAgainAfterInvalidGrant()).hasSize(1);
  }

  @Test
  void faultOfOneGrantTypeLetsOthersPass() {
    server.faults().next("client_credentials", 1, Fault.serverError());

    assertThat(client.refresh(token).statusCode()).isEqualTo(200);
    assertThat(server.faults().isPlayed()).isFalse();
  }

  private void awaitAllEnded() {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> server.ledger().open().isEmpty());
  }
}
