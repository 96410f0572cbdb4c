package org.tokenbroker.consent;

/**
 * Why a callback was turned away. The token endpoint was not reached and nothing changed (MO-4,
 * B2).
 */
public enum Refusal {
  /**
   * No authorization response at all: a parameter twice, code and error together, neither of them,
   * bad encoding, too long.
   */
  MALFORMED,
  STATE_MISSING,
  /** Never issued, or forgotten since. */
  STATE_UNKNOWN,
  /** The attempt took longer than it may (B1). */
  STATE_EXPIRED,
  /** The state was presented before, by a callback that did not end in a kept grant. */
  STATE_USED,
  /** Another browser than the one that started: its cookie is missing or differs. */
  OTHER_BROWSER,
  /** The callback path names another registration than the one the owner was sent for. */
  OTHER_REGISTRATION,
  /** The provider must name itself and did not (RFC 9207 §2.4). */
  ISSUER_MISSING,
  /** Another issuer than the one the owner was sent to (RFC 9207 §2.4). */
  ISSUER_MISMATCH,
  /** The link was withdrawn while the owner was at the provider. */
  LINK_WITHDRAWN
}
