package org.tokenbroker.consent.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

class ForwardedNetworkTest {
  private static final List<String> CHAIN = List.of("192.0.2.1, 192.0.2.2", "192.0.2.3");

  @Test
  @Requirement("BE-4")
  void theEntryOfOurOwnOutermostProxyCountsAndNothingThatStandsBeforeIt() {
    assertThat(ForwardedNetwork.of(CHAIN, 1)).hasValue("c0000203");
    assertThat(ForwardedNetwork.of(CHAIN, 2)).hasValue("c0000202");
    assertThat(ForwardedNetwork.of(CHAIN, 3)).hasValue("c0000201");
  }

  @Test
  void withoutProxiesThatTellNothingIsKnown() {
    assertThat(ForwardedNetwork.of(CHAIN, 0)).isEmpty();
    assertThat(ForwardedNetwork.of(CHAIN, 4)).isEmpty();
    assertThat(ForwardedNetwork.of(List.of(), 1)).isEmpty();
  }

  @Test
  void addressesThatBeginAlikeAreOneNetwork() {
    assertThat(ForwardedNetwork.of(List.of("2001:db8:1:2::7"), 1))
        .isEqualTo(ForwardedNetwork.of(List.of("[2001:db8:1:2:ffff:0:0:1]"), 1))
        .hasValue("20010db800010002");
    assertThat(ForwardedNetwork.of(List.of("2001:db8:1:3::7"), 1))
        .isNotEqualTo(ForwardedNetwork.of(List.of("2001:db8:1:2::7"), 1));
  }

  @Test
  @Requirement("BE-4")
  void anAddressOfOldThatIsWrittenAsANewOneHasItsOwnNetwork() {
    assertThat(ForwardedNetwork.of(List.of("::ffff:192.0.2.3"), 1)).hasValue("c0000203");
    assertThat(ForwardedNetwork.of(List.of("::ffff:192.0.2.4"), 1)).hasValue("c0000204");
  }

  @Test
  @Requirement("BE-4")
  void aPortBesideAnAddressChangesNothing() {
    for (String port : List.of("1", "443", "00080", "65535")) {
      assertThat(ForwardedNetwork.of(List.of("192.0.2.3:" + port), 1)).hasValue("c0000203");
      assertThat(ForwardedNetwork.of(List.of("[2001:db8:1:2::7]:" + port), 1))
          .hasValue("20010db800010002");
      assertThat(ForwardedNetwork.of(List.of("[::ffff:192.0.2.3]:" + port), 1))
          .hasValue("c0000203");
    }
    assertThat(ForwardedNetwork.of(List.of("2001:db8:1:2::7:443"), 1))
        .as("a part of the address")
        .hasValue("20010db800010002");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "host.example",
        "host.example:80",
        "1.2.3",
        "1.2.3:80",
        "_hidden",
        "1.2.3.4:",
        "1.2.3.4:0",
        "1.2.3.4:65536",
        "1.2.3.4:123456",
        "1.2.3.4:+80",
        "1.2.3.4:80:80",
        "1.2.3.4 :80",
        "1.2.3.4:_x",
        "[1.2.3.4]",
        "[1.2.3.4]:80",
        "[2001:db8::7",
        "2001:db8::7]:80",
        "[2001:db8::7]80",
        "[2001:db8::7]:",
        "[2001:db8::7]:0",
        "[2001:db8::7]:65536",
        "[]:80",
        "[[2001:db8::7]]",
        "fe80::7%eth0",
        "[fe80::7%eth0]:80",
        ":",
        "a:b",
        "1:80"
      })
  @Requirement("BE-4")
  void whatIsNoAddressIsNothing(String entry) {
    assertThat(ForwardedNetwork.of(List.of(entry), 1)).isEmpty();
  }
}
