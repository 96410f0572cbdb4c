package org.tokenbroker.provider;

/** How a connection's tokens are first obtained. */
public enum GrantType {
  /** RFC 6749 §4.1: an owner consents in a browser; renewed with a refresh token. */
  AUTHORIZATION_CODE("authorization_code"),
  /** RFC 6749 §4.4: no owner, no refresh token; renewed by asking again (IV-3). */
  CLIENT_CREDENTIALS("client_credentials"),
  /** A static key that an operator puts: no OAuth at all, no expiry, no renewal (BE-1, MK-3). */
  API_KEY("api_key");

  private final String parameter;

  GrantType(String parameter) {
    this.parameter = parameter;
  }

  /**
   * The value of the {@code grant_type} parameter where there is one, and the name used in our API
   * and catalogue.
   */
  public String parameter() {
    return parameter;
  }
}
