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
