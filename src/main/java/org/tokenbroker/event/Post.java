package org.tokenbroker.event;

import io.smallrye.mutiny.Uni;
import java.net.URI;

/** Posts letters to webhooks. */
public interface Post {
  /**
   * Sends it once. Ends within {@link DeliveryPolicy#TIMEOUT}; follows no redirect; calls no
   * address that is forbidden, whatever the name resolves to. Never fails.
   */
  Uni<Receipt> send(URI url, Letter letter);
}
