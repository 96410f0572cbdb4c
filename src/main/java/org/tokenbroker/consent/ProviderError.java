package org.tokenbroker.consent;

/**
 * Why a provider sent an owner back without a code (RFC 6749 §4.1.2.1). Its {@code
 * error_description} is never read.
 */
public enum ProviderError {
  /** {@code access_denied}: the owner, or the provider for its own reasons, did not agree. */
  ACCESS_DENIED,
  /** {@code server_error}. */
  SERVER_ERROR,
  /** {@code temporarily_unavailable}. */
  TEMPORARILY_UNAVAILABLE,
  /**
   * {@code invalid_request}, {@code unauthorized_client}, {@code unsupported_response_type}, {@code
   * invalid_scope}: registration or profile do not fit the provider; an operator has to act.
   */
  CONFIGURATION,
  /** A code outside RFC 6749. */
  OTHER;

  static ProviderError of(String code) {
    return switch (code) {
      case "access_denied" -> ACCESS_DENIED;
      case "server_error" -> SERVER_ERROR;
      case "temporarily_unavailable" -> TEMPORARILY_UNAVAILABLE;
      case "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope" ->
          CONFIGURATION;
      default -> OTHER;
    };
  }
}
