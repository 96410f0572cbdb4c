package org.tokenbroker.event;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Events of connections and registrations, and webhooks that are told of them. */
@ConfigMapping(prefix = "token-broker.event")
public interface EventConfig {
  /**
   * {@code source} of the CloudEvents: which broker it is, where a receiver hears of several. A URI
   * reference.
   */
  @WithDefault("urn:token-broker")
  URI source();

  /**
   * How long events are listed. Those that still wait for a webhook are kept longer. At least 1
   * hour.
   */
  @WithDefault("30d")
  Duration retention();

  /**
   * How often a replica looks for new events and for deliveries that are due. From 100 ms to 30 s.
   */
  @WithDefault("1s")
  Duration dispatchEvery();

  /**
   * How long the delivery of an event to a webhook is tried; then it is given up, and only listed.
   * At least 1 minute.
   */
  @WithDefault("72h")
  Duration giveUpAfter();

  /**
   * How long the signing secret before the current one signs too, so that a receiver can change its
   * own at any moment in between. Not negative.
   */
  @WithDefault("24h")
  Duration secretOverlap();

  /**
   * Networks in CIDR notation, for example {@code 10.20.0.0/16}, that webhooks may be in although
   * they are not public: loopback, link-local, private, unique-local and reserved addresses are
   * refused otherwise, whatever name leads to them. None by default.
   */
  Optional<List<String>> allowedNetworks();
}
