package org.tokenbroker.event;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;

/** What operators do with webhooks. Secrets go in and never come out. */
@ApplicationScoped
public class WebhookDesk {
  private final Webhooks webhooks;
  private final WebhookSafe safe;
  private final EventConfig config;
  private final InstantSource time;

  WebhookDesk(Webhooks webhooks, WebhookSafe safe, EventConfig config, InstantSource time) {
    this.webhooks = webhooks;
    this.safe = safe;
    this.config = config;
    this.time = time;
  }

  /** Outcome of creating or replacing. */
  public sealed interface Put {
    /**
     * @param created whether it did not exist before
     */
    record Done(Webhooks.Kept kept, boolean created) implements Put {}

    /** It has no signing secret yet, and none was given. */
    record SecretMissing() implements Put {}

    record Unavailable() implements Put {}
  }

  /**
   * Idempotent. The secret goes first: should the second step fail, the same request again
   * completes both.
   *
   * @param secret absent: it stays as it is; another than the current one: the current one signs on
   *     beside it for a while
   */
  public Uni<Put> put(Webhook webhook, Optional<SigningSecret> secret) {
    return safe.read(webhook.id())
        .chain(
            read ->
                switch (read) {
                  case WebhookSafe.Read.Found found -> put(webhook, found, secret);
                  case WebhookSafe.Read.Absent absent -> put(webhook, absent, secret);
                  case WebhookSafe.Read.Unavailable unavailable -> unavailable();
                });
  }

  /** What waits for it goes with it, and its secrets are destroyed. */
  public Uni<Webhooks.Removal> delete(WebhookId id) {
    return webhooks
        .delete(id)
        .chain(
            removal ->
                switch (removal) {
                  case DELETED, UNKNOWN -> erase(id, removal);
                  case UNAVAILABLE -> Uni.createFrom().item(removal);
                });
  }

  private Uni<Put> put(
      Webhook webhook, WebhookSafe.Read.Found found, Optional<SigningSecret> secret) {
    Instant now = time.instant();
    WebhookSecrets held = found.secrets().at(now);
    WebhookSecrets wanted =
        secret.map(next -> held.rotated(next, now.plus(config.secretOverlap()))).orElse(held);
    return wanted.equals(found.secrets())
        ? record(webhook)
        : write(webhook, wanted, found.version());
  }

  private Uni<Put> put(
      Webhook webhook, WebhookSafe.Read.Absent absent, Optional<SigningSecret> secret) {
    return secret
        .map(first -> write(webhook, WebhookSecrets.only(first), absent.version()))
        .orElseGet(() -> Uni.createFrom().item(new Put.SecretMissing()));
  }

  private Uni<Put> write(Webhook webhook, WebhookSecrets secrets, SafeVersion expected) {
    return safe.write(webhook.id(), secrets, expected)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> record(webhook);
                  case SafeWrite.Conflict conflict -> unavailable();
                  case SafeWrite.Unavailable unavailable -> unavailable();
                });
  }

  private Uni<Put> record(Webhook webhook) {
    return webhooks
        .put(webhook, time.instant())
        .map(
            put ->
                switch (put) {
                  case Webhooks.Put.Done done -> new Put.Done(done.kept(), done.created());
                  case Webhooks.Put.Unavailable unavailable -> new Put.Unavailable();
                });
  }

  private Uni<Webhooks.Removal> erase(WebhookId id, Webhooks.Removal removal) {
    return safe.destroy(id)
        .map(
            destroyed ->
                switch (destroyed) {
                  case SafeDestroy.Destroyed done -> removal;
                  case SafeDestroy.Unavailable unavailable -> Webhooks.Removal.UNAVAILABLE;
                });
  }

  private static Uni<Put> unavailable() {
    return Uni.createFrom().item(new Put.Unavailable());
  }
}
