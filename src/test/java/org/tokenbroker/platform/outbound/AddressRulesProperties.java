package org.tokenbroker.platform.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.tokenbroker.fixture.Requirement;

class AddressRulesProperties {
  private final AddressRules rules = AddressRules.publicOnly();

  @Property
  @Requirement("C24")
  void nothingThatTheJdkKnowsToBeSpecialIsInReach(@ForAll("addresses") InetAddress address) {
    boolean special =
        address.isLoopbackAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || address.isAnyLocalAddress()
            || address.isMulticastAddress();

    assertThat(special && rules.allow(address)).isFalse();
  }

  @Property
  @Requirement("C24")
  void noWayToWriteAnAddressChangesWhetherItIsInReach(@ForAll @Size(4) byte[] ipv4)
      throws UnknownHostException {
    String text = InetAddress.getByAddress(ipv4).getHostAddress();
    boolean inReach = rules.allow(InetAddress.getByAddress(ipv4));

    assertThat(rules.allowHost(text)).isEqualTo(inReach);
    assertThat(rules.allowHost("[::ffff:" + text + "]")).isEqualTo(inReach);
    assertThat(rules.allowHost("[64:ff9b::" + text + "]")).isEqualTo(inReach);
    assertThat(rules.allowHost("[::" + text + "]")).isFalse();
  }

  @Property
  void anAllowedNetworkHoldsExactlyTheAddressesThatShareItsPrefix(
      @ForAll @Size(4) byte[] ipv4, @ForAll @IntRange(max = 32) int length, @ForAll int other)
      throws UnknownHostException {
    int mask = length == 0 ? 0 : -1 << (32 - length);
    int prefix = ByteBuffer.wrap(ipv4).getInt() & mask;
    Network network = new Network(address(prefix), length);

    assertThat(network.contains(address(other))).isEqualTo((other & mask) == prefix);
    assertThat(network.contains(InetAddress.getByAddress(ipv4))).isTrue();
    assertThat(Network.parse(network.toString())).hasValue(network);
    assertThat(AddressRules.allowing(List.of(network.toString())).allow(address(prefix))).isTrue();
  }

  @Property
  void networksOverlapWhereOneHoldsTheOther(
      @ForAll int one,
      @ForAll @IntRange(max = 32) int oneLength,
      @ForAll int two,
      @ForAll @IntRange(max = 32) int twoLength) {
    Network first = network(one, oneLength);
    Network second = network(two, twoLength);

    assertThat(first.overlaps(second))
        .isEqualTo(first.contains(second.prefix()) || second.contains(first.prefix()))
        .isEqualTo(second.overlaps(first));
  }

  @Property
  void everyHostIsJudged(@ForAll String host) {
    assertThat(rules.allowHost(host)).isIn(true, false);
  }

  @Provide
  Arbitrary<InetAddress> addresses() {
    return Arbitraries.of(4, 16)
        .flatMap(length -> Arbitraries.bytes().array(byte[].class).ofSize(length))
        .map(AddressRulesProperties::address);
  }

  private static Network network(int address, int length) {
    return new Network(address(length == 0 ? 0 : address & -1 << (32 - length)), length);
  }

  private static InetAddress address(int ipv4) {
    return address(ByteBuffer.allocate(4).putInt(ipv4).array());
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
