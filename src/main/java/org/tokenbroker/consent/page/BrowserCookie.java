package org.tokenbroker.consent.page;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.RandomText;
import org.tokenbroker.token.Secret;

/**
 * The cookie that binds an attempt to the browser that started it (B1). Its {@code __Host-} prefix
 * makes browsers refuse it from any other host, over plain HTTP or for a part of the site. It
 * identifies no person and ends with the browser's session.
 */
final class BrowserCookie {
  static final String NAME = "__Host-token-broker";

  private BrowserCookie() {}

  /** What the browser holds, if it is of the form that we hand out. */
  static Optional<Secret> read(@Nullable String value) {
    return Optional.ofNullable(value).filter(RandomText::isSecretForm).map(Secret::of);
  }

  /**
   * Value of a {@code Set-Cookie} header. {@code Lax}: the callback is a navigation that another
   * site begins.
   */
  static String write(Secret value) {
    return NAME + "=" + value.reveal() + "; Path=/; Secure; HttpOnly; SameSite=Lax";
  }
}
