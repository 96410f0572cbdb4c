package org.tokenbroker.platform.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a caller on the TLS door is known by its client certificate. */
@ConfigMapping(prefix = "token-broker.identity")
public interface IdentityConfig {
  /**
   * SPIFFE trust domains whose ids are accepted, for example {@code cluster.example.org}. Every CA
   * of the trust store ({@code quarkus.tls.server.trust-store}) may speak for each of them, so the
   * trust store must hold their bundles only. Without a trust domain no SPIFFE id is accepted.
   */
  Optional<List<String>> trustDomains();

  /**
   * Kinds of names that identify a caller: {@code spiffe} (URI name), {@code dns} (the one DNS
   * name), {@code subject} (distinguished name). A certificate with a URI name is only ever known
   * by its SPIFFE id.
   */
  @WithDefault("spiffe")
  Set<IdentityPolicy.Kind> accept();
}
