package org.tokenbroker.safe.vault;

import org.tokenbroker.safe.SafeFault;

/** Whether the broker is logged in at Vault. */
sealed interface Login {
  record Granted(VaultLease lease) implements Login {}

  /** No token, and none to be had now. */
  record Refused(SafeFault fault) implements Login {}
}
