package org.tokenbroker.safe.vault;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * Where in Vault the broker keeps its secrets, and how long it waits.
 *
 * <p>Address, TLS trust and login are Quarkus Vault's own properties: {@code quarkus.vault.url},
 * {@code quarkus.vault.tls.*}, and one of {@code quarkus.vault.authentication.kubernetes.role},
 * {@code quarkus.vault.authentication.app-role.*} or {@code
 * quarkus.vault.authentication.client-token}. The broker's token must be allowed, below the prefix:
 * {@code create}, {@code read} and {@code update} on {@code <mount>/data/<prefix>/*}, {@code
 * create}, {@code update} and {@code delete} on {@code <mount>/metadata/<prefix>/*}, {@code update}
 * on {@code <mount>/destroy/<prefix>/*}; and what Vault's {@code default} policy allows every
 * token: look itself up, renew itself, ask its capabilities. {@code
 * quarkus.vault.renew-grace-period} has no effect on the safe: the login is renewed at two thirds
 * of its life, whatever that is.
 */
@ConfigMapping(prefix = "token-broker.safe")
public interface VaultSafeConfig {
  /**
   * Mount path of the KV version 2 secrets engine, without slashes at its ends. A version 1 engine
   * is not usable: it has no check-and-set.
   */
  @WithDefault("secret")
  String mount();

  /**
   * Folder inside the mount that belongs to this broker alone, without slashes at its ends. All
   * replicas of one broker share it; two brokers never do.
   */
  @WithDefault("token-broker")
  String prefix();

  /**
   * Longest time that one read, write, destroy or login may take, including the login it may need
   * first. At least 100 ms. After it, the outcome is <em>unreachable</em>: a write may or may not
   * have happened.
   */
  @WithDefault("5s")
  Duration requestTimeout();
}
