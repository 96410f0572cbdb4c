package org.tokenbroker.consent.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormOriginTest {
  private static final URI PUBLIC_URL = URI.create("https://Broker.example/sub");

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "none", "something-new"})
  void aFormThatABrowserSaysCameFromElsewhereIsForeign(String secFetchSite) {
    assertThat(FormOrigin.isForeign(secFetchSite, "https://broker.example", PUBLIC_URL)).isTrue();
  }

  @Test
  void ourOwnPageIsNotForeignAlthoughItHidesItsOrigin() {
    assertThat(FormOrigin.isForeign("same-origin", "null", PUBLIC_URL)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://broker.example",
        "https://broker.example:444",
        "https://broker.example.evil.example"
      })
  void anOlderBrowserIsJudgedByTheOriginItSends(String origin) {
    assertThat(FormOrigin.isForeign(null, origin, PUBLIC_URL)).isTrue();
  }

  @Test
  void anOlderBrowserOnOurPageIsLetThrough() {
    assertThat(FormOrigin.isForeign(null, "https://broker.example", PUBLIC_URL)).isFalse();
    assertThat(FormOrigin.isForeign(null, "null", PUBLIC_URL)).isFalse();
    assertThat(FormOrigin.isForeign(null, null, PUBLIC_URL)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://Login.Example/authorize, https://login.example",
    "https://login.example:443/x, https://login.example",
    "http://localhost:8180/x?y=z, http://localhost:8180",
    "http://localhost:80, http://localhost"
  })
  void anOriginIsWrittenAsBrowsersWriteIt(URI url, String origin) {
    assertThat(FormOrigin.originOf(url)).isEqualTo(origin);
  }
}
