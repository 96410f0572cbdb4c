package org.tokenbroker.safe.vault;

import org.tokenbroker.safe.SafeFault;

/**
 * What Vault said to one request. None of its text is kept: bodies and error messages of Vault may
 * hold secrets.
 *
 * @param <T> what an answer holds
 */
sealed interface VaultReply<T> {
  record Answered<T>(T value) implements VaultReply<T> {}

  /**
   * 404 for something that is not there.
   *
   * @param version the newest version, deleted or destroyed, of a KV document that still has its
   *     metadata; else 0
   */
  record Missing<T>(long version) implements VaultReply<T> {}

  /** 403: the token is no longer good, or the policy does not allow the path. */
  record Denied<T>() implements VaultReply<T> {}

  /** 400 for a check-and-set write whose expected version is not the current one. */
  record Stale<T>() implements VaultReply<T> {}

  record Failed<T>(SafeFault fault) implements VaultReply<T> {}
}
