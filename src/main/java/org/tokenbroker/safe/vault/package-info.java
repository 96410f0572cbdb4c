/**
 * The safe on Vault or OpenBao: KV v2 with check-and-set through Quarkus Vault's client, and the
 * login that it needs.
 */
@NullMarked
package org.tokenbroker.safe.vault;

import org.jspecify.annotations.NullMarked;
