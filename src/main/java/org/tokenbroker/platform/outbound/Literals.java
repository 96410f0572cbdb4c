package org.tokenbroker.platform.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses written out in place of a host name. Never asks a name service. */
final class Literals {
  private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)\\.?");

  private Literals() {}

  /**
   * Absent where the text is no address: four decimal numbers without leading zeros, or IPv6 (RFC
   * 4291 §2.2) without brackets and zone. One of IPv4 within IPv6 ({@code ::ffff:…}) is given as
   * IPv4.
   */
  static Optional<InetAddress> address(String text) {
    boolean isLiteral = IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
    try {
      return isLiteral ? Optional.of(InetAddress.getByName(text)) : Optional.empty();
    } catch (UnknownHostException malformed) {
      return Optional.empty();
    }
  }

  /** The address that a URL's host is; {@code [::1]} has its brackets. */
  static Optional<InetAddress> host(String host) {
    return host.startsWith("[") && host.endsWith("]")
        ? address(host.substring(1, host.length() - 1))
        : address(host);
  }

  /**
   * Whether a host is no name, nor an address that everybody reads alike: {@code 127.1}, {@code
   * 0x7f000001}, {@code 010.0.0.1}, brackets around anything else.
   */
  static boolean isOdd(String host) {
    boolean numeric = ENDS_IN_NUMBER.matcher(host.toLowerCase(Locale.ROOT)).matches();
    return (numeric || host.startsWith("[")) && host(host).isEmpty();
  }
}
