package org.tokenbroker.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.event.Samples.HOOK;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.event.Webhooks.Kept;
import org.tokenbroker.event.Webhooks.Removal;
import org.tokenbroker.fixture.HandTime;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.safe.SafePath;

class WebhookDeskTest {
  private static final SafePath PATH = SafePath.of("webhooks", "hook");

  private final HandTime time = HandTime.atNoon();
  private final MemorySafe vault = new MemorySafe();
  private final MemoryWebhooks webhooks = new MemoryWebhooks();
  private final WebhookDesk desk =
      new WebhookDesk(webhooks, new WebhookSafe(vault), new Settings(), time);

  @Test
  void aWebhookNeedsASecretOnceAndKeepsIt() {
    assertThat(put()).isEqualTo(new WebhookDesk.Put.SecretMissing());
    assertThat(webhooks.kept).isEmpty();

    assertThat(put(1))
        .isInstanceOfSatisfying(
            WebhookDesk.Put.Done.class, made -> assertThat(made.created()).isTrue());
    assertThat(put())
        .isInstanceOfSatisfying(
            WebhookDesk.Put.Done.class, made -> assertThat(made.created()).isFalse());

    assertThat(held()).isEqualTo(Map.of("secret", Samples.secretText(1)));
  }

  @Test
  void anotherSecretReplacesTheFirstWhichSignsOnForADay() {
    put(1);

    put(2);

    assertThat(held())
        .isEqualTo(
            Map.of(
                "secret",
                Samples.secretText(2),
                "previous_secret",
                Samples.secretText(1),
                "previous_until",
                time.instant().plus(Duration.ofDays(1)).toString()));
  }

  @Test
  void theSameRequestAgainRotatesNothing() {
    put(1);
    put(2);
    Map<String, String> rotated = held();
    time.advance(Duration.ofHours(1));

    put(2);

    assertThat(held()).isEqualTo(rotated);
  }

  @Test
  void whatSignsNoLongerIsForgottenWithTheNextRequest() {
    put(1);
    put(2);
    time.advance(Duration.ofHours(24));

    put();

    assertThat(held()).isEqualTo(Map.of("secret", Samples.secretText(2)));
  }

  @Test
  void whileTheSafeIsAwayNothingIsChanged() {
    vault.goDown();

    assertThat(put(1)).isEqualTo(new WebhookDesk.Put.Unavailable());
    assertThat(webhooks.kept).isEmpty();
  }

  @Test
  void aDeletedWebhookLeavesNoSecret() {
    put(1);
    vault.goDown();
    assertThat(delete()).as("the secret is still there").isEqualTo(Removal.UNAVAILABLE);
    vault.comeBack();

    assertThat(delete()).isEqualTo(Removal.UNKNOWN);
    assertThat(vault.documents()).isEmpty();
  }

  private WebhookDesk.Put put(int secret) {
    return desk.put(Samples.webhook(), Optional.of(Samples.secret(secret))).await().indefinitely();
  }

  private WebhookDesk.Put put() {
    return desk.put(Samples.webhook(), Optional.empty()).await().indefinitely();
  }

  private Removal delete() {
    return desk.delete(HOOK).await().indefinitely();
  }

  private Map<String, String> held() {
    return Objects.requireNonNull(vault.documents().get(PATH)).document().fields();
  }

  private static final class MemoryWebhooks implements Webhooks {
    private final Map<WebhookId, Kept> kept = new HashMap<>();

    @Override
    public Uni<Found> find(WebhookId id) {
      throw new AssertionError("a desk looks nothing up");
    }

    @Override
    public Uni<Listing> list(Optional<WebhookId> after, int limit) {
      throw new AssertionError("a desk lists nothing");
    }

    @Override
    public Uni<Put> put(Webhook webhook, Instant now) {
      return Uni.createFrom().item(() -> put(kept(webhook, now)));
    }

    @Override
    public Uni<Removal> delete(WebhookId id) {
      return Uni.createFrom()
          .item(() -> kept.remove(id) == null ? Removal.UNKNOWN : Removal.DELETED);
    }

    private Put put(Kept made) {
      return new Put.Done(made, kept.put(made.webhook().id(), made) == null);
    }

    private static Kept kept(Webhook webhook, Instant now) {
      return new Kept(
          webhook, new WebhookHealth.Healthy(), Optional.empty(), 0, Optional.empty(), 0, now, now);
    }
  }
}
