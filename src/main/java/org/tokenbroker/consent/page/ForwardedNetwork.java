package org.tokenbroker.consent.page;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a browser is, by {@code X-Forwarded-For}. The last entries are of our own proxies; what
 * stands before them is the caller's word and is not read.
 */
final class ForwardedNetwork {
  /** Of an IPv6 address: who has one has all that begin alike. */
  private static final int PREFIX_BYTES = 8;

  private static final int IPV4_BYTES = 4;
  private static final int LAST_PORT = 65_535;

  /** Without brackets an IPv6 address has no port: nobody could tell it from its last part. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "(?<address>[0-9.]+|\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*])(:(?<port>[0-9]{1,5}))?"
              + "|[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

  private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");

  private ForwardedNetwork() {}

  /**
   * @param header its values in their order
   * @param proxies how many proxies append to it
   * @return absent where they did not, or where the entry is no address
   */
  static Optional<String> of(List<String> header, int proxies) {
    List<String> entries =
        header.stream().flatMap(value -> Arrays.stream(value.split(",", -1))).toList();
    return proxies > 0 && entries.size() >= proxies
        ? network(entries.get(entries.size() - proxies).strip())
        : Optional.empty();
  }

  private static Optional<String> network(String entry) {
    return address(entry)
        .map(NetUtil::createByteArrayFromIpAddressString)
        .map(ForwardedNetwork::unmapped)
        .map(bytes -> bytes.length == IPV4_BYTES ? bytes : Arrays.copyOf(bytes, PREFIX_BYTES))
        .map(bytes -> HexFormat.of().formatHex(bytes));
  }

  /** Some proxies append the port that a caller comes from (RFC 7239 section 6). */
  private static Optional<String> address(String entry) {
    Matcher written = ENTRY.matcher(entry);
    return written.matches() && isPort(written.group("port"))
        ? Optional.ofNullable(written.group("address")).or(() -> Optional.of(entry))
        : Optional.empty();
  }

  private static boolean isPort(@Nullable String port) {
    return port == null || (Integer.parseInt(port) > 0 && Integer.parseInt(port) <= LAST_PORT);
  }

  /** An IPv4 address that is written as an IPv6 one is itself again (RFC 4291 section 2.5.5.2). */
  private static byte[] unmapped(byte[] address) {
    int prefix = MAPPED.length;
    return address.length > IPV4_BYTES && Arrays.equals(address, 0, prefix, MAPPED, 0, prefix)
        ? Arrays.copyOfRange(address, prefix, address.length)
        : address;
  }
}
