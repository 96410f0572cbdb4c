package org.tokenbroker.platform.identity;

import static java.util.stream.Collectors.toSet;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.platform.identity.Identification.Known;
import org.tokenbroker.platform.identity.Identification.Refusal;
import org.tokenbroker.platform.identity.Identification.Refused;

/**
 * Reads the identity out of a client certificate whose chain the TLS handshake has validated (E1,
 * E2). Pure.
 *
 * <p>A certificate with a URI name is an X.509-SVID and has to obey all its rules; it never falls
 * back to another name.
 *
 * @param trustDomains SPIFFE trust domains that are spoken for by the CAs of the trust store;
 *     others are refused
 * @param accept kinds of name that identify a caller, regardless of order
 */
public record IdentityPolicy(Set<String> trustDomains, Set<Kind> accept) {
  private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final int DNS_NAME = 2;
  private static final int URI_NAME = 6;

  /** Kinds of names in a certificate. */
  public enum Kind {
    /** The one URI name, a SPIFFE id. */
    SPIFFE,
    /** The one DNS name, where the certificate has no URI name. */
    DNS,
    /**
     * The subject's distinguished name, where the certificate has neither URI nor accepted DNS
     * name.
     */
    SUBJECT
  }

  public IdentityPolicy {
    trustDomains = Set.copyOf(trustDomains);
    accept = Set.copyOf(accept);
  }

  /**
   * @param leaf the end-entity certificate of the validated chain
   * @param now a certificate is refused outside its validity even when the handshake, or a resumed
   *     session, let it pass
   */
  public Identification identify(X509Certificate leaf, Instant now) {
    Optional<Refusal> misuse = misuse(leaf, now);
    if (misuse.isPresent()) {
      return new Refused(misuse.get());
    }
    List<List<?>> names;
    try {
      names = alternativeNames(leaf);
    } catch (CertificateParsingException unreadable) {
      return new Refused(Refusal.UNREADABLE);
    }
    List<String> uris = of(URI_NAME, names);
    return uris.isEmpty() ? fallback(leaf, of(DNS_NAME, names)) : svid(leaf, uris);
  }

  private static Optional<Refusal> misuse(X509Certificate leaf, Instant now) {
    if (now.isBefore(leaf.getNotBefore().toInstant())
        || now.isAfter(leaf.getNotAfter().toInstant())) {
      return Optional.of(Refusal.NOT_VALID_NOW);
    }
    if (leaf.getBasicConstraints() >= 0) {
      return Optional.of(Refusal.CERTIFICATE_AUTHORITY);
    }
    KeyUsage usage = KeyUsage.of(leaf);
    if (usage.stated() && (usage.signsCertificates() || usage.signsRevocationLists())) {
      return Optional.of(Refusal.SIGNING_KEY);
    }
    if (usage.stated() && !usage.digitalSignature()) {
      return Optional.of(Refusal.NO_DIGITAL_SIGNATURE);
    }
    try {
      List<String> extended = leaf.getExtendedKeyUsage();
      return extended == null || extended.contains(CLIENT_AUTH)
          ? Optional.empty()
          : Optional.of(Refusal.NOT_FOR_CLIENTS);
    } catch (CertificateParsingException unreadable) {
      return Optional.of(Refusal.UNREADABLE);
    }
  }

  private Identification svid(X509Certificate leaf, List<String> uris) {
    if (uris.size() > 1) {
      return new Refused(Refusal.SEVERAL_URI_NAMES);
    }
    if (!accept.contains(Kind.SPIFFE)) {
      return new Refused(Refusal.KIND_NOT_ACCEPTED);
    }
    if (!KeyUsage.of(leaf).stated()) {
      return new Refused(Refusal.NO_DIGITAL_SIGNATURE);
    }
    Optional<SpiffeId> id = SpiffeId.parse(uris.getFirst());
    if (id.isEmpty()) {
      return new Refused(Refusal.NOT_A_SPIFFE_ID);
    }
    return trustDomains.contains(id.get().trustDomain())
        ? new Known(PeerIdentity.of(id.get()))
        : new Refused(Refusal.FOREIGN_TRUST_DOMAIN);
  }

  private Identification fallback(X509Certificate leaf, List<String> dnsNames) {
    if (accept.contains(Kind.DNS) && !dnsNames.isEmpty()) {
      return dnsNames.size() > 1
          ? new Refused(Refusal.AMBIGUOUS_NAME)
          : known(PeerIdentity.ofDnsName(dnsNames.getFirst()));
    }
    if (accept.contains(Kind.SUBJECT)) {
      return known(PeerIdentity.ofSubject(leaf.getSubjectX500Principal().getName()));
    }
    return new Refused(Refusal.KIND_NOT_ACCEPTED);
  }

  private static Identification known(Optional<PeerIdentity> identity) {
    return identity
        .<Identification>map(Known::new)
        .orElseGet(() -> new Refused(Refusal.AMBIGUOUS_NAME));
  }

  /**
   * The JDK drops a names extension that it cannot parse; a certificate that has one but shows no
   * names is not trusted.
   */
  private static List<List<?>> alternativeNames(X509Certificate leaf)
      throws CertificateParsingException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names != null) {
      return List.copyOf(names);
    }
    if (leaf.getExtensionValue(SUBJECT_ALTERNATIVE_NAME) != null) {
      throw new CertificateParsingException("names without a name");
    }
    return List.of();
  }

  private static List<String> of(int kind, List<List<?>> names) {
    return names.stream()
        .filter(name -> name.get(0) instanceof Integer tag && tag == kind)
        .map(name -> (String) name.get(1))
        .toList();
  }

  /** Kinds and domains as configured. */
  static IdentityPolicy of(IdentityConfig config) {
    return new IdentityPolicy(
        config.trustDomains().orElse(List.of()).stream().collect(toSet()), config.accept());
  }

  /** RFC 5280 §4.2.1.3. */
  private record KeyUsage(
      boolean stated,
      boolean digitalSignature,
      boolean signsCertificates,
      boolean signsRevocationLists) {
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    static KeyUsage of(X509Certificate leaf) {
      boolean[] bits = leaf.getKeyUsage();
      return bits == null
          ? new KeyUsage(false, false, false, false)
          : new KeyUsage(true, bits[DIGITAL_SIGNATURE], bits[KEY_CERT_SIGN], bits[CRL_SIGN]);
    }
  }
}
