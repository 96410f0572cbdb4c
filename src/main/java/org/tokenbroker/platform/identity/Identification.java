package org.tokenbroker.platform.identity;

/** What came of reading a client certificate. */
public sealed interface Identification {
  record Known(PeerIdentity identity) implements Identification {}

  record Refused(Refusal reason) implements Identification {}

  /** Why a certificate that the handshake accepted names nobody. */
  enum Refusal {
    CERTIFICATE_AUTHORITY("the client certificate is that of a certificate authority"),
    SIGNING_KEY(
        "the client certificate's key usage allows signing certificates or revocation lists"),
    NO_DIGITAL_SIGNATURE("the client certificate's key usage lacks digitalSignature"),
    NOT_FOR_CLIENTS("the client certificate's extended key usage lacks clientAuth"),
    SEVERAL_URI_NAMES("the client certificate has more than one URI name"),
    NOT_A_SPIFFE_ID("the client certificate's URI name is not a SPIFFE id of a workload"),
    FOREIGN_TRUST_DOMAIN(
        "the client certificate's SPIFFE trust domain is not one of token-broker.identity.trust-domains"),
    KIND_NOT_ACCEPTED(
        "the client certificate has no name of a kind that token-broker.identity.accept allows"),
    AMBIGUOUS_NAME("the client certificate has several DNS names, a wildcard or an empty subject"),
    UNREADABLE("the client certificate's names cannot be read"),
    NO_LONGER_TRUSTED(
        "the client certificate is revoked, or its certificate authority is no longer trusted"),
    NOT_VALID_NOW("the client certificate is not valid at this time");

    private final String detail;

    Refusal(String detail) {
      this.detail = detail;
    }

    /** Fit for a problem document: repeats nothing of the certificate. */
    public String detail() {
      return detail;
    }
  }
}
