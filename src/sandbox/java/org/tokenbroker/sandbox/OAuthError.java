package org.tokenbroker.sandbox;

/**
 * An error answer of RFC 6749 §5.2, thrown where a request is refused and turned into the answer in
 * one place.
 */
final class OAuthError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  private OAuthError(int status, String code, String description) {
    super(description, null, false, false);
    this.status = status;
    this.code = code;
  }

  static OAuthError invalidRequest(String description) {
    return new OAuthError(400, "invalid_request", description);
  }

  static OAuthError invalidClient(String description) {
    return new OAuthError(401, "invalid_client", description);
  }

  static OAuthError invalidGrant(String description) {
    return new OAuthError(400, "invalid_grant", description);
  }

  static OAuthError invalidScope(String description) {
    return new OAuthError(400, "invalid_scope", description);
  }

  static OAuthError unauthorizedClient(String description) {
    return new OAuthError(400, "unauthorized_client", description);
  }

  static OAuthError unsupportedGrantType(String description) {
    return new OAuthError(400, "unsupported_grant_type", description);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String description() {
    return String.valueOf(getMessage());
  }
}
