package org.tokenbroker.consent.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.SecureRandomText;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.Secret;

class BrowserCookieTest {
  private final Secret value = new SecureRandomText().secret();

  @Test
  @Requirement("B1")
  void itIsBoundToTheHostAndHiddenFromScripts() {
    assertThat(BrowserCookie.write(value))
        .isEqualTo(
            "__Host-token-broker=" + value.reveal() + "; Path=/; Secure; HttpOnly; SameSite=Lax");
  }

  @Test
  void onlyWhatWeCouldHaveHandedOutIsRead() {
    assertThat(BrowserCookie.read(value.reveal())).contains(value);
    assertThat(BrowserCookie.read(null)).isEmpty();
    assertThat(BrowserCookie.read("")).isEmpty();
    assertThat(BrowserCookie.read(value.reveal() + "x")).isEmpty();
    assertThat(BrowserCookie.read("a".repeat(42) + "\n")).isEmpty();
  }
}
