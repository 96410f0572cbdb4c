package org.tokenbroker.consent.page;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Where a browser is, by {@code X-Forwarded-For}. The last entries are of our own proxies; what
 * stands before them is the caller's word and is not read.
 */
final class ForwardedNetwork {
  /** Of an IPv6 address: who has one has all that begin alike. */
  private static final int PREFIX_BYTES = 8;

  private static final int IPV4_BYTES = 4;

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

  private static Optional<String> network(String address) {
    return Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(address))
        .map(bytes -> bytes.length == IPV4_BYTES ? bytes : Arrays.copyOf(bytes, PREFIX_BYTES))
        .map(bytes -> HexFormat.of().formatHex(bytes));
  }
}
