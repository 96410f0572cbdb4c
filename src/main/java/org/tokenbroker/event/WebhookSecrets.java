package org.tokenbroker.event;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What signs the deliveries of a webhook; two secrets while one replaces the other, so that the
 * receiver may change its own at any moment in between.
 *
 * @param previous what was in use before
 */
public record WebhookSecrets(SigningSecret current, Optional<Previous> previous) {
  /**
   * @param until signs no longer from then on
   */
  public record Previous(SigningSecret secret, Instant until) {}

  static WebhookSecrets only(SigningSecret current) {
    return new WebhookSecrets(current, Optional.empty());
  }

  /** The same where it already is the current one: a repeated request rotates nothing. */
  WebhookSecrets rotated(SigningSecret next, Instant until) {
    return next.equals(current)
        ? this
        : new WebhookSecrets(next, Optional.of(new Previous(current, until)));
  }

  /** Without what signs no longer. */
  WebhookSecrets at(Instant now) {
    return new WebhookSecrets(current, previous.filter(before -> before.until().isAfter(now)));
  }

  /** The current one first. */
  List<SigningSecret> signing() {
    return Stream.concat(Stream.of(current), previous.stream().map(Previous::secret)).toList();
  }
}
