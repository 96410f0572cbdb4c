package org.tokenbroker.story;

import java.net.URI;
import org.tokenbroker.fixture.Browser;
import org.tokenbroker.fixture.Browser.Field;
import org.tokenbroker.fixture.Browser.Page;

/** Somebody with an account at a provider, who opens consent links in a browser. */
final class Owner {
  private final World world;
  private final String account;
  private final Browser browser;

  Owner(World world, String account, Browser browser) {
    this.world = world;
    this.account = account;
    this.browser = browser;
  }

  /** Opens the link, agrees at the provider, comes back; what the broker shows at the end. */
  Page agreesTo(URI link, Provider provider) {
    return returnsBy(allowsAt(goesTo(link, provider)));
  }

  /** The same, but says no at the provider. */
  Page refuses(URI link, Provider provider) {
    Page question = browser.open(goesTo(link, provider));
    return returnsBy(browser.press(question, "Deny").leftFor());
  }

  /** Opens the link and presses its button; the authorize URL that the browser is sent to. */
  URI goesTo(URI link, Provider provider) {
    return goesTo(link, provider.name());
  }

  /**
   * @param provider as owners read it
   */
  URI goesTo(URI link, String provider) {
    Page offer = opens(link);
    URI authorize = browser.press(offer, "Continue to " + provider).leftFor();
    browser.cookies().forEach(cookie -> world.canaries().plant("browser cookie", cookie));
    Query.of(authorize).value("state").ifPresent(state -> world.canaries().plant("state", state));
    return authorize;
  }

  /** Agrees at the provider; the callback that the browser is sent to, not visited. */
  URI allowsAt(URI authorize) {
    Page question = browser.open(authorize);
    URI callback = browser.press(question, "Allow", Field.of("account", account)).leftFor();
    Query.of(callback).value("code").ifPresent(code -> world.canaries().plant("code", code));
    return callback;
  }

  /** Visits a callback. */
  Page returnsBy(URI callback) {
    return opens(callback);
  }

  /** Presses a button of a page of the broker. */
  Page presses(Page shown, String button) {
    Page page = browser.press(shown, button);
    browser.cookies().forEach(cookie -> world.canaries().plant("browser cookie", cookie));
    world.transcript().page(page);
    return page;
  }

  /** Opens a page of the broker. */
  Page opens(URI uri) {
    Page page = browser.open(uri);
    world.transcript().page(page);
    return page;
  }
}
