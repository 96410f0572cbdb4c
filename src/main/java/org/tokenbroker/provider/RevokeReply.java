package org.tokenbroker.provider;

import java.time.Duration;

/** What became of an RFC 7009 revocation request. */
public sealed interface RevokeReply {
  /** Revoked, or it was not valid any more (RFC 7009 §2.2). */
  record Revoked() implements RevokeReply {}

  /** The provider has no revocation endpoint. */
  record Unsupported() implements RevokeReply {}

  /** The provider will not do it: repeating is useless. */
  record Refused() implements RevokeReply {}

  /** Not known to be done: repeat after that time. */
  record Later(Duration after) implements RevokeReply {}
}
