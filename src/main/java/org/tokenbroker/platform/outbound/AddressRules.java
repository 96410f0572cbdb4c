package org.tokenbroker.platform.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which addresses may be called (C24, ASVS 13.2.4): those of the public internet, and whatever an
 * operator allows. Loopback, link-local (the cloud's metadata service among them), private and
 * unique-local ranges, shared address space, multicast, unspecified and reserved ones are not
 * public (RFC 6890 and the IANA special-purpose registries). Pure.
 */
public final class AddressRules {
  private final List<Network> allowed;

  // Not static: a native image holds no addresses.
  private final List<Network> notPublicIpv4 =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/3");

  /** Whatever is outside is not public: loopback, mapped, unique-local, link-local, multicast. */
  private final Network globalUnicast = network("2000::/3");

  private final List<Network> notPublicIpv6 =
      networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  /** IPv4 behind a translator (RFC 6052 §2.1): as public as the address within. */
  private final Network translated = network("64:ff9b::/96");

  private AddressRules(List<Network> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** Public addresses only. */
  public static AddressRules publicOnly() {
    return new AddressRules(List.of());
  }

  /**
   * Public addresses and these.
   *
   * @param networks in CIDR notation
   * @throws IllegalArgumentException where one of them is none; names it
   */
  public static AddressRules allowing(Collection<String> networks) {
    return new AddressRules(networks.stream().map(AddressRules::network).toList());
  }

  /** Whether a connection to this address may be used. */
  public boolean allow(InetAddress address) {
    InetAddress reached = behindTranslator(address).orElse(address);
    return isAllowed(address) || isAllowed(reached) || isPublic(reached);
  }

  /**
   * Whether a URL's host may be called, as far as it tells without being looked up: false for an
   * address that is not allowed, for one in a form that is not read alike everywhere, and for the
   * names of loopback (RFC 6761 §6.3) unless that is allowed.
   */
  public boolean allowHost(String host) {
    Optional<InetAddress> literal = Literals.host(host);
    return literal.isPresent()
        ? allow(literal.get())
        : !Literals.isOdd(host) && (!isLocal(host) || isLoopbackAllowed());
  }

  private boolean isAllowed(InetAddress address) {
    return allowed.stream().anyMatch(network -> network.contains(address));
  }

  private boolean isPublic(InetAddress address) {
    return address instanceof Inet4Address
        ? notPublicIpv4.stream().noneMatch(network -> network.contains(address))
        : globalUnicast.contains(address)
            && notPublicIpv6.stream().noneMatch(network -> network.contains(address));
  }

  private Optional<InetAddress> behindTranslator(InetAddress address) {
    return translated.contains(address)
        ? Optional.of(ipv4(Arrays.copyOfRange(address.getAddress(), 12, 16)))
        : Optional.empty();
  }

  private boolean isLoopbackAllowed() {
    return networks("127.0.0.1/32", "::1/128").stream().map(Network::prefix).anyMatch(this::allow);
  }

  private static boolean isLocal(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String rootless = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return rootless.equals("localhost") || rootless.endsWith(".localhost");
  }

  private static InetAddress ipv4(byte[] four) {
    try {
      return InetAddress.getByAddress(four);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("four bytes are an address", impossible);
    }
  }

  private static List<Network> networks(String... cidrs) {
    return Arrays.stream(cidrs).map(AddressRules::network).toList();
  }

  private static Network network(String cidr) {
    return Network.parse(cidr)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + cidr + "' is no network; write one like " + Network.EXAMPLES));
  }
}
