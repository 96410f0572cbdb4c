package org.tokenbroker.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Calls to providers. */
@ConfigMapping(prefix = "token-broker.provider")
public interface ProviderConfig {
  /**
   * Whether profiles may name {@code http} URLs. For the sandbox and tests only: secrets and tokens
   * would travel in the clear. The broker refuses to start in production with it.
   */
  @WithDefault("false")
  boolean allowPlainHttp();

  /** How long a connection to a provider, its TLS handshake included, may take. */
  @WithDefault("2s")
  Duration connectTimeout();

  /**
   * How long one call to a provider may take from its connection to its answer. Before, it waits
   * for its turn at most half as long. From 100 ms to 15 s, so that a refresh ends within its
   * lease.
   */
  @WithDefault("10s")
  Duration timeout();

  /**
   * How long a provider whose calls failed is left alone before one probe; each replica takes up to
   * a tenth more or less.
   */
  @WithDefault("30s")
  Duration breakerDelay();

  /**
   * Networks in CIDR notation, for example {@code 10.20.0.0/16}, that calls to providers may reach
   * although they are not public: loopback, link-local, private, unique-local and reserved
   * addresses are refused otherwise, whatever name leads to them. None by default.
   */
  Optional<List<String>> allowedNetworks();
}
