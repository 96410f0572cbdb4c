package org.tokenbroker.provider;

/** Why a provider refused: the error codes of RFC 6749 §5.2, read by the rules of the profile. */
public enum Rejection {
  /**
   * The refresh token or code is invalid, expired, revoked or was issued to another client:
   * terminal for the connection.
   */
  INVALID_GRANT,
  /** Our client is unknown or failed to authenticate: a fault of the registration. */
  INVALID_CLIENT,
  /**
   * The refresh token or our client was refused; the answer does not tell which of them (G-6).
   * Never for a code.
   */
  GRANT_OR_CLIENT,
  /** Our client may not use this grant: a fault of the registration. */
  UNAUTHORIZED_CLIENT,
  /** The scopes asked for are unknown or exceed what was granted: configuration. */
  INVALID_SCOPE,
  /** The provider does not know the grant type: configuration. */
  UNSUPPORTED_GRANT_TYPE,
  /**
   * The request is malformed to the provider: configuration, or a quirk the profile does not tell.
   */
  INVALID_REQUEST,
  /** A code outside the standard. */
  OTHER
}
