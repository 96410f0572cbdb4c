package org.tokenbroker.consent;

import org.tokenbroker.token.Secret;

/** Text that nobody can guess. */
public interface RandomText {
  /**
   * 256 random bits as 43 characters of base64url: a ticket, a state, a browser cookie, a code
   * verifier (RFC 7636 §4.1).
   */
  Secret secret();

  /** 128 random bits as 32 lower-case hexadecimal digits: names something and is no secret. */
  String name();

  /** Whether a text has the form that {@link #secret()} gives. */
  static boolean isSecretForm(String text) {
    return text.length() == 43 && text.chars().allMatch(RandomText::isBase64Url);
  }

  private static boolean isBase64Url(int c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
