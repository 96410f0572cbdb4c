package org.tokenbroker.provider;

/**
 * How our client proves itself at a token endpoint: names of the IANA registry "OAuth Token
 * Endpoint Authentication Methods".
 */
public enum ClientAuthenticationMethod {
  /** RFC 6749 §2.3.1, id and secret form-encoded before base64 where the profile wants it (C2). */
  CLIENT_SECRET_BASIC("client_secret_basic"),
  /** RFC 6749 §2.3.1, id and secret in the body (MO-7). */
  CLIENT_SECRET_POST("client_secret_post"),
  /**
   * RFC 7523 §2.2 / OpenID Connect Core §9: an assertion signed with our private key (IV-6, C10).
   */
  PRIVATE_KEY_JWT("private_key_jwt"),
  /** OpenID Connect Core §9: an assertion signed with the client secret as HMAC key (HS256). */
  CLIENT_SECRET_JWT("client_secret_jwt"),
  /** RFC 8705 §2.1: a client certificate in the TLS handshake, and {@code client_id} (C13). */
  TLS_CLIENT_AUTH("tls_client_auth"),
  /** A public client: only {@code client_id} is sent. */
  NONE("none");

  private final String parameter;

  ClientAuthenticationMethod(String parameter) {
    this.parameter = parameter;
  }

  /** The registered name, used in our API and catalogue. */
  public String parameter() {
    return parameter;
  }
}
