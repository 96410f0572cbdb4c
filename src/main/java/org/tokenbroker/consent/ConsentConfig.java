package org.tokenbroker.consent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** How owners are asked to agree. */
@ConfigMapping(prefix = "token-broker.consent")
public interface ConsentConfig {
  /**
   * Where browsers reach port 8080 through the ingress, without a trailing slash. Consent links and
   * redirect URIs are built from it: a registration must list {@code
   * {public-url}/callback/{registration}} at the provider. Must be {@code https}, but for {@code
   * localhost}.
   */
  @WithDefault("http://localhost:8080")
  URI publicUrl();

  /**
   * How long an owner may take from the consent page to the callback. More than zero, at most 10
   * minutes (B1).
   */
  @WithDefault("PT10M")
  Duration attemptLife();

  /**
   * Installs of one registration that a replica takes in a minute, where installs start at the
   * provider; more are answered 429. At least 1. Keep it below what the provider's budget leaves
   * beside refreshes, since made-up codes cost a request each.
   */
  @WithDefault("20")
  int installsPerMinute();

  /**
   * Installs from one network, an IPv4 address or an IPv6 /64, that a replica takes in a minute; a
   * code that the provider refuses counts for five. Counts where {@code forwarding-proxies} tells
   * where a browser is. At least 1.
   */
  @WithDefault("10")
  int installsPerMinuteOfNetwork();

  /**
   * How many proxies are in front of port 8080, each of which appends the address that it was
   * called from to {@code X-Forwarded-For}, or replaces that header by it. 0 to 9; 0: nothing is
   * counted by network. One too many lets callers choose their network.
   */
  @WithDefault("0")
  int forwardingProxies();

  /** Installs of all registrations together that a replica takes in a minute. At least 1. */
  @WithDefault("120")
  int installsPerMinuteOverall();

  /**
   * How long a browser that opened a claim link may take to the install, and how long after an
   * install its browser may open one. More than zero, at most 24 hours.
   */
  @WithDefault("PT30M")
  Duration claimWithin();

  /** How often what expired attempts left behind is cleared away. */
  @WithDefault("PT1M")
  Duration sweepEvery();

  /**
   * How long links and attempts are remembered after they expired, so that a late visitor reads why
   * nothing happens instead of "unknown". No secret is kept that long.
   */
  @WithDefault("P1D")
  Duration remember();
}
