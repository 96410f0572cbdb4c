package org.tokenbroker.consent.page;

import org.tokenbroker.consent.Link;
import org.tokenbroker.consent.page.Notice.Tone;

/** What a visitor reads of a link that starts nothing, be it for consent or for a claim. */
final class LinkNotices {
  static final Notice FOREIGN_FORM =
      Notice.of(
          403,
          Tone.BAD,
          "This request came from another site.",
          "Open the link that you were given and use the button there.");

  static final Notice UNKNOWN =
      Notice.of(
          404,
          Tone.NEUTRAL,
          "This link is not known.",
          "Check that you opened the whole link. If you did, it may have ended long ago: ask"
              + " whoever sent it for a new one.");

  static final Notice EXPIRED =
      Notice.of(
          410,
          Tone.NEUTRAL,
          "This link has expired.",
          "Nothing was changed. Ask whoever sent it to you for a new one.");

  static final Notice BLOCKED =
      Notice.of(
          503,
          Tone.BAD,
          "This link cannot be used right now.",
          "Something has to be set up first by whoever sent it to you. Please tell them. Your link"
              + " stays valid until it expires.");

  static final Notice UNAVAILABLE =
      Notice.of(
          503,
          Tone.BAD,
          "We cannot do this right now.",
          "Nothing was changed. Please open your link again in a few minutes.");

  private LinkNotices() {}

  static Notice of(Link.Closed closed) {
    return switch (closed.reason()) {
      case UNKNOWN -> UNKNOWN;
      case EXPIRED -> EXPIRED;
      case USED ->
          Notice.of(
              410,
              Tone.NEUTRAL,
              "This link has done its work.",
              "Access was granted through it, and it works only once. There is nothing left to do"
                  + " here.");
      case WITHDRAWN ->
          Notice.of(
              410,
              Tone.NEUTRAL,
              "This link was withdrawn.",
              "Access is not asked for any more. Nothing was changed.");
    };
  }
}
