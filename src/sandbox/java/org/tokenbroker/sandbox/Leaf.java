package org.tokenbroker.sandbox;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a certificate shall say; {@link CertificateAuthority#issue} signs it as asked, well-formed
 * SVID or not, since tests need both.
 *
 * @param commonName subject CN
 * @param dnsNames DNS subject alternative names
 * @param ipAddresses IP subject alternative names, in text form
 * @param uris URI subject alternative names; a SPIFFE X.509-SVID has exactly one (SPIFFE X509-SVID
 *     §2)
 * @param purposes extended key usages; none leaves the extension out, which RFC 5280 §4.2.1.12
 *     reads as "any"
 * @param notBefore first moment of validity; empty: five minutes ago
 * @param notAfter last moment of validity; empty: one day from now
 * @param authority true sets basicConstraints CA and keyCertSign
 */
public record Leaf(
    String commonName,
    List<String> dnsNames,
    List<String> ipAddresses,
    List<String> uris,
    Set<Purpose> purposes,
    Optional<Instant> notBefore,
    Optional<Instant> notAfter,
    boolean authority) {

  /** Extended key usage, RFC 5280 §4.2.1.12. */
  public enum Purpose {
    CLIENT_AUTH,
    SERVER_AUTH
  }

  public Leaf {
    dnsNames = List.copyOf(dnsNames);
    ipAddresses = List.copyOf(ipAddresses);
    uris = List.copyOf(uris);
    purposes = Set.copyOf(purposes);
  }

  /** A certificate without alternative names and without extended key usage. */
  public static Leaf named(String commonName) {
    return new Leaf(
        commonName,
        List.of(),
        List.of(),
        List.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** What a server on loopback needs: {@code localhost}, 127.0.0.1 and ::1, serverAuth. */
  public static Leaf loopbackServer(String commonName) {
    return named(commonName)
        .dns("localhost")
        .ip("127.0.0.1")
        .ip("::1")
        .serving(Purpose.SERVER_AUTH);
  }

  /** An X.509-SVID for a client: the SPIFFE id as the only URI, clientAuth. */
  public static Leaf workload(String commonName, String spiffeId) {
    return named(commonName).uri(spiffeId).serving(Purpose.CLIENT_AUTH);
  }

  public Leaf dns(String name) {
    return new Leaf(
        commonName,
        and(dnsNames, name),
        ipAddresses,
        uris,
        purposes,
        notBefore,
        notAfter,
        authority);
  }

  public Leaf ip(String address) {
    return new Leaf(
        commonName,
        dnsNames,
        and(ipAddresses, address),
        uris,
        purposes,
        notBefore,
        notAfter,
        authority);
  }

  public Leaf uri(String uri) {
    return new Leaf(
        commonName,
        dnsNames,
        ipAddresses,
        and(uris, uri),
        purposes,
        notBefore,
        notAfter,
        authority);
  }

  /** Adds an extended key usage. */
  public Leaf serving(Purpose purpose) {
    Set<Purpose> more = EnumSet.of(purpose);
    more.addAll(purposes);
    return new Leaf(commonName, dnsNames, ipAddresses, uris, more, notBefore, notAfter, authority);
  }

  public Leaf valid(Instant from, Instant to) {
    return new Leaf(
        commonName,
        dnsNames,
        ipAddresses,
        uris,
        purposes,
        Optional.of(from),
        Optional.of(to),
        authority);
  }

  /**
   * Makes it a CA certificate, which must not be accepted as a workload's (SPIFFE X509-SVID §5.2).
   */
  public Leaf asAuthority() {
    return new Leaf(commonName, dnsNames, ipAddresses, uris, purposes, notBefore, notAfter, true);
  }

  private static List<String> and(List<String> some, String more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }
}
