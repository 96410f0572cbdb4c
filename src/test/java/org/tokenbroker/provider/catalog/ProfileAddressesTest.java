package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.outbound.AddressRules;

/** Which hosts the URLs of a profile may name (C24). */
class ProfileAddressesTest {
  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:8443",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "010.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::a00:1]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "api.localhost",
        "Api.LocalHost.",
      })
  void anAddressOutOfReachIsRefusedWhenTheFileIsLoaded(String host) {
    assertThat(ProfileYaml.violations(ProfileYaml.LEAST.replace("as.example", host)))
        .singleElement()
        .asString()
        .startsWith("acme.yaml:4:10: endpoints.token must not be at an address out of reach")
        .contains("token-broker.provider.allowed-networks")
        .doesNotContain(host);
  }

  /** What is no host to everybody is no URL to us. */
  @ParameterizedTest
  @Requirement("C24")
  @ValueSource(strings = {"127.0.0.1.", "127.1", "0X7F.0.0.1", "\u0661.2.3.4", "l\u24debalhost"})
  void anAddressInAFormThatIsNotReadAlikeIsRefusedToo(String host) {
    assertThat(ProfileYaml.violations(ProfileYaml.LEAST.replace("as.example", host))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"issuer", "post_connect"})
  void everyUrlOfAFileIsLookedAt(String field) {
    String url = field.equals("issuer") ? "https://10.0.0.1/" : "{url: 'https://10.0.0.1/'}";

    assertThat(ProfileYaml.violations(ProfileYaml.WHOLE + field + ": " + url + "\n"))
        .isNotEmpty()
        .allMatch(text -> text.contains("must not be at an address out of reach"));
  }

  @Test
  void anAddressThatAnOperatorAllowsIsAccepted() {
    AddressRules rules = AddressRules.allowing(List.of("10.0.0.0/8"));

    assertThat(
            new ProfileReader(false, rules::allowHost)
                .read("acme.yaml", ProfileYaml.LEAST.replace("as.example", "10.1.2.3")))
        .isInstanceOf(Reading.Accepted.class);
  }
}
