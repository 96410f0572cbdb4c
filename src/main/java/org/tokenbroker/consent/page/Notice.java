package org.tokenbroker.consent.page;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A page that tells something and asks for nothing.
 *
 * @param status HTTP status that it is sent with
 * @param tone how it looks; the words say it too
 * @param heading one sentence
 * @param paragraphs what happened and what to do next
 * @param link where to go next; perhaps a secret
 * @param retryAfter when the same request may be made again
 */
record Notice(
    int status,
    Tone tone,
    String heading,
    List<String> paragraphs,
    Optional<Link> link,
    Optional<Duration> retryAfter) {
  Notice {
    paragraphs = List.copyOf(paragraphs);
  }

  static Notice of(int status, Tone tone, String heading, String... paragraphs) {
    return new Notice(
        status, tone, heading, List.of(paragraphs), Optional.empty(), Optional.empty());
  }

  /**
   * @param consent the consent link, where starting again may help; a secret
   */
  Notice withRestart(URI consent) {
    return new Notice(
        status,
        tone,
        heading,
        paragraphs,
        Optional.of(new Link(consent, "Start again")),
        retryAfter);
  }

  Notice retryAfter(Duration pause) {
    return new Notice(status, tone, heading, paragraphs, link, Optional.of(pause));
  }

  /**
   * A button that leads somewhere.
   *
   * @param text what it says
   */
  record Link(URI url, String text) {
    @Override
    public String toString() {
      return "Link[***, " + text + "]";
    }
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
