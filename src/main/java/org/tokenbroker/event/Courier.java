package org.tokenbroker.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Delivers what was leased: reads the secret, signs, posts, and writes down what came of it. An
 * event leaves the outbox only after its receiver has accepted it or its time is over, so that it
 * arrives at least once whatever ends in between.
 */
@ApplicationScoped
public class Courier {
  private static final Logger LOG = Logger.getLogger(Courier.class);

  private final WebhookSafe safe;
  private final Post post;
  private final Outbox outbox;
  private final EventObserver observer;
  private final EventConfig config;
  private final ObjectMapper json;
  private final InstantSource time;

  Courier(
      WebhookSafe safe,
      Post post,
      Outbox outbox,
      EventObserver observer,
      EventConfig config,
      ObjectMapper json,
      InstantSource time) {
    this.safe = safe;
    this.post = post;
    this.outbox = outbox;
    this.observer = observer;
    this.config = config;
    this.json = json;
    this.time = time;
  }

  /**
   * @param leasedAt no later than the lease began
   */
  public Uni<Void> deliver(Delivery delivery, Instant leasedAt) {
    return safe.read(delivery.webhook())
        .chain(
            read ->
                switch (read) {
                  case WebhookSafe.Read.Found found ->
                      current(delivery.webhook(), found)
                          .chain(secrets -> send(delivery, secrets, leasedAt));
                  case WebhookSafe.Read.Absent absent ->
                      conclude(delivery, unsent(delivery, Failure.SECRET_MISSING));
                  case WebhookSafe.Read.Unavailable unavailable -> later(delivery);
                });
  }

  /** A secret that signs no longer is dropped from the safe by the first who sees it. */
  private Uni<WebhookSecrets> current(WebhookId id, WebhookSafe.Read.Found found) {
    WebhookSecrets secrets = found.secrets().at(time.instant());
    return secrets.equals(found.secrets())
        ? Uni.createFrom().item(secrets)
        : safe.write(id, secrets, found.version()).replaceWith(secrets);
  }

  private Uni<Void> send(Delivery delivery, WebhookSecrets secrets, Instant leasedAt) {
    Instant now = time.instant();
    if (now.isAfter(leasedAt.plus(DeliveryPolicy.LATEST_START))) {
      return Uni.createFrom().voidItem();
    }
    CloudEvent event = CloudEvent.of(delivery.event(), config.source().toString());
    Letter letter = Letter.signed(event.id(), text(event), secrets.signing(), now);
    return post.send(delivery.url(), letter)
        .chain(receipt -> conclude(delivery, judged(receipt, delivery)));
  }

  private Uni<Void> conclude(Delivery delivery, Verdict verdict) {
    Instant now = time.instant();
    return switch (verdict) {
      case Verdict.Delivered delivered -> {
        observer.attempted("delivered");
        yield outbox.delivered(delivery, now).replaceWithVoid();
      }
      case Verdict.Gone gone -> {
        observer.attempted("gone");
        yield outbox
            .gone(delivery, now)
            .invoke(written -> reportGone(written, delivery))
            .replaceWithVoid();
      }
      case Verdict.Again again -> {
        observer.attempted(again.failure().label());
        LOG.infof(
            "Event %s was not delivered to webhook %s (%s): trying again",
            delivery.event().stamp().id(), delivery.webhook(), again.failure().label());
        yield outbox.again(delivery, again.failure(), again.at(), now).replaceWithVoid();
      }
      case Verdict.GivenUp over -> {
        observer.attempted(over.failure().label());
        observer.attempted("given_up");
        LOG.errorf(
            "Event %s was never delivered to webhook %s (%s): it is listed only",
            delivery.event().stamp().id(), delivery.webhook(), over.failure().label());
        yield outbox.givenUp(delivery, over.failure(), now).replaceWithVoid();
      }
    };
  }

  private static void reportGone(Outbox.Written written, Delivery delivery) {
    if (written == Outbox.Written.DONE) {
      LOG.warnf("Webhook %s is gone: nothing is sent to it any more", delivery.webhook());
    }
  }

  private Uni<Void> later(Delivery delivery) {
    observer.attempted("safe_unavailable");
    return outbox
        .postponed(delivery, time.instant().plus(DeliveryPolicy.SHORTLY))
        .replaceWithVoid();
  }

  private Verdict judged(Receipt receipt, Delivery delivery) {
    return DeliveryPolicy.judge(receipt, delivery, time.instant(), Courier::random);
  }

  private Verdict unsent(Delivery delivery, Failure failure) {
    return DeliveryPolicy.unsent(failure, delivery, time.instant(), Courier::random);
  }

  private static long random(long bound) {
    return ThreadLocalRandom.current().nextLong(bound);
  }

  private String text(CloudEvent event) {
    try {
      return json.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event must be writable", e);
    }
  }
}
