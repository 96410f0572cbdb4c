package org.tokenbroker.consent.page;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A page that tells something and asks for nothing.
 *
 * @param status HTTP status that it is sent with
 * @param tone how it looks; the words say it too
 * @param heading one sentence
 * @param paragraphs what happened and what to do next
 * @param restart the consent link, where starting again may help; a secret
 */
record Notice(
    int status, Tone tone, String heading, List<String> paragraphs, Optional<URI> restart) {
  static Notice of(int status, Tone tone, String heading, String... paragraphs) {
    return new Notice(status, tone, heading, List.of(paragraphs), Optional.empty());
  }

  Notice withRestart(URI link) {
    return new Notice(status, tone, heading, paragraphs, Optional.of(link));
  }

  /** How a notice looks. */
  enum Tone {
    GOOD("good"),
    NEUTRAL("neutral"),
    BAD("bad");

    private final String cssClass;

    Tone(String cssClass) {
      this.cssClass = cssClass;
    }

    public String cssClass() {
      return cssClass;
    }
  }
}
