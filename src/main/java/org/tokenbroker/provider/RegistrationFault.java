package org.tokenbroker.provider;

/** Why a registration is faulty: an operator has to mend it, none of its connections (IV-10). */
public enum RegistrationFault {
  /** The provider does not know our client, or did not accept its proof (RFC 6749 §5.2). */
  INVALID_CLIENT("the provider refuses our client"),
  /** The provider does not let our client use this grant (RFC 6749 §5.2). */
  UNAUTHORIZED_CLIENT("the provider refuses our client"),
  /** The provider refuses every refresh token or our client, and does not tell which (G-6). */
  GRANT_OR_CLIENT("the provider refuses our client, or every grant"),
  /**
   * Nothing is sent: the key, secret or certificate that the client proves itself by is missing, or
   * is none that the profile can use.
   */
  CREDENTIAL_UNUSABLE("its key, secret or certificate cannot be used");

  private final String meaning;

  RegistrationFault(String meaning) {
    this.meaning = meaning;
  }

  /** For people; one line. */
  public String meaning() {
    return meaning;
  }
}
