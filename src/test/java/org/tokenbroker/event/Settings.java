package org.tokenbroker.event;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The defaults. */
record Settings() implements EventConfig {
  @Override
  public URI source() {
    return URI.create("urn:token-broker");
  }

  @Override
  public Duration retention() {
    return Duration.ofDays(30);
  }

  @Override
  public Duration dispatchEvery() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration giveUpAfter() {
    return Duration.ofHours(72);
  }

  @Override
  public Duration secretOverlap() {
    return Duration.ofHours(24);
  }

  @Override
  public Optional<List<String>> allowedNetworks() {
    return Optional.empty();
  }
}
