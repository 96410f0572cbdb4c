package org.tokenbroker.platform.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a caller is, as one text that is compared as a whole and never by prefix or pattern (E3).
 *
 * <p>Three forms, told apart by how they start, so that no name of one kind can pass for one of
 * another: {@code spiffe://trust-domain/path}, {@code dns:host.name} in lower case, {@code
 * subject:CN=…} as RFC 2253 writes it.
 */
public record PeerIdentity(String value) {
  private static final String DNS = "dns:";
  private static final String SUBJECT = "subject:";
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*");
  private static final int LONGEST = 2048;

  /** What an operator may write in a list or an access rule. */
  public static final String FORMS = "spiffe://trust-domain/path, dns:host.name or subject:CN=...";

  static PeerIdentity of(SpiffeId id) {
    return new PeerIdentity(id.toString());
  }

  /** Empty for what is no plain host name, wildcards included. */
  static Optional<PeerIdentity> ofDnsName(String name) {
    String host = name.toLowerCase(Locale.ROOT);
    return host.length() <= 253 && HOST.matcher(host).matches()
        ? Optional.of(new PeerIdentity(DNS + host))
        : Optional.empty();
  }

  /** Empty for a subject that is empty or holds control characters. */
  static Optional<PeerIdentity> ofSubject(String rfc2253) {
    boolean fit =
        !rfc2253.isBlank()
            && rfc2253.length() <= LONGEST
            && rfc2253.chars().noneMatch(Character::isISOControl);
    return fit ? Optional.of(new PeerIdentity(SUBJECT + rfc2253)) : Optional.empty();
  }

  /** Reads one of the three forms; empty for anything else. */
  public static Optional<PeerIdentity> parse(String text) {
    if (text.startsWith(DNS)) {
      return ofDnsName(text.substring(DNS.length()))
          .filter(identity -> identity.value.equals(text));
    }
    if (text.startsWith(SUBJECT)) {
      return ofSubject(text.substring(SUBJECT.length()));
    }
    return SpiffeId.parse(text).map(PeerIdentity::of);
  }

  @Override
  public String toString() {
    return value;
  }
}
