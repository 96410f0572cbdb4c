package org.tokenbroker.platform.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

class AddressRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.7",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "64:ff9b::10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1",
      })
  @Requirement("C24")
  void whatIsNotPublicIsOutOfReach(String address) {
    assertThat(AddressRules.publicOnly().allow(at(address))).isFalse();
    assertThat(AddressRules.publicOnly().allowHost(host(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2000::1",
        "2001:200::1",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
      })
  @Requirement("C24")
  void thePublicInternetIsInReach(String address) {
    assertThat(AddressRules.publicOnly().allow(at(address))).isTrue();
    assertThat(AddressRules.publicOnly().allowHost(host(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,      10.7.7.7,         true",
    "10.0.0.0/8,      ::ffff:10.7.7.7,  true",
    "10.0.0.0/8,      64:ff9b::10.7.7.7, true",
    "10.0.0.0/8,      192.168.0.1,      false",
    "10.1.0.0/16,     10.2.0.1,         false",
    "10.9.8.7/32,     10.9.8.7,         true",
    "10.9.8.7/32,     10.9.8.6,         false",
    "fd00::/8,        fd12::1,          true",
    "fd00::/8,        fc12::1,          false",
    "fd00::/8,        10.0.0.1,         false",
    "0.0.0.0/0,       127.0.0.1,        true",
    "0.0.0.0/0,       ::1,              false",
    "::/0,            ::1,              true",
    "::/0,            127.0.0.1,        false",
    "64:ff9b:1::/48,  64:ff9b:1::1,     true",
  })
  @Requirement("C24")
  void whatAnOperatorAllowsIsInReachAndNothingBeside(
      String allowed, String address, boolean inReach) {
    AddressRules rules = AddressRules.allowing(List.of(allowed));

    assertThat(rules.allow(at(address))).isEqualTo(inReach);
    assertThat(rules.allow(at("1.1.1.1"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost", "LOCALHOST", "localhost.", "api.localhost", "127.1", "2130706433",
            "0x7f000001",
        "0x7f.0.0.1", "0177.0.0.1", "010.0.0.1", "127.0.0.1.", "1.2.3", "1.1.1.256", "01.1.1.1",
        "acme.123", "[::1", "[localhost]", "[1.1.1.1%25eth0]", "[]",
      })
  @Requirement("C24")
  void aHostThatIsLocalOrOddlyWrittenIsRefusedUnseen(String host) {
    assertThat(AddressRules.publicOnly().allowHost(host)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"api.acme.example", "localhost.acme.example", "mylocalhost", "1a.example", "x-1"})
  void aNameTellsNothingBeforeItIsLookedUp(String host) {
    assertThat(AddressRules.publicOnly().allowHost(host)).isTrue();
  }

  @Test
  void theNamesOfLoopbackAreInReachWhereItIs() {
    assertThat(AddressRules.allowing(List.of("127.0.0.0/8")).allowHost("localhost")).isTrue();
    assertThat(AddressRules.allowing(List.of("::1/128")).allowHost("localhost")).isTrue();
    assertThat(AddressRules.allowing(List.of("10.0.0.0/8")).allowHost("localhost")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "fd00::/129",
        "fd00::1/8",
        "acme.example/8",
        "/8",
        "10.0.0.0/-1",
        "10.0.0/8",
        "",
        "10.0.0.0/8/8",
        "localhost/32",
      })
  void whatIsNoNetworkIsNamed(String text) {
    assertThat(Network.parse(text)).isEmpty();
    assertThatThrownBy(() -> AddressRules.allowing(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  private static InetAddress at(String address) {
    return Literals.address(address).orElseThrow();
  }

  private static String host(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
