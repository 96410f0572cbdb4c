package org.tokenbroker.event;

import java.time.Instant;

/** How deliveries to a webhook go. */
public sealed interface WebhookHealth {
  /** The latest delivery was accepted, or there was none yet. */
  record Healthy() implements WebhookHealth {}

  /**
   * Deliveries fail and are tried again.
   *
   * @param failure why the latest one failed
   * @param since when the first of them failed
   */
  record Failing(Failure failure, Instant since) implements WebhookHealth {}

  /** It answered 410: nothing is sent any more until an operator puts it again. */
  record Gone(Instant since) implements WebhookHealth {}

  /** Switched off by an operator. */
  record Disabled(Instant since) implements WebhookHealth {}
}
