package org.tokenbroker.safe.vault;

import io.smallrye.mutiny.Uni;

/**
 * What can be asked of Vault about the broker's own token. Each call is bounded in time and never
 * fails.
 */
interface VaultTokens {
  /** Logs in by the configured method. A refusal is {@link VaultReply.Denied}. */
  Uni<VaultReply<VaultLease>> logIn();

  Uni<VaultReply<VaultLease>> renew(VaultLease lease);

  /** Asks whether the token is still good: denied if not. */
  Uni<VaultReply<VaultLease>> lookUp(VaultLease lease);
}
