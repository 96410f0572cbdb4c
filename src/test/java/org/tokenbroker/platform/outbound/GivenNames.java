package org.tokenbroker.platform.outbound;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;

/** Guards whose names lead where a test says. */
public final class GivenNames {
  private GivenNames() {}

  /**
   * @param addresses of each name; the others have none
   */
  public static AddressGuard guard(
      AddressRules rules, Vertx vertx, Map<String, List<String>> addresses) {
    return new AddressGuard(rules, vertx, host -> lookUp(host, addresses));
  }

  private static List<InetAddress> lookUp(String host, Map<String, List<String>> addresses)
      throws UnknownHostException {
    if (!addresses.containsKey(host)) {
      throw new UnknownHostException(host);
    }
    return addresses.getOrDefault(host, List.of()).stream()
        .map(text -> Literals.address(text).orElseThrow())
        .toList();
  }
}
