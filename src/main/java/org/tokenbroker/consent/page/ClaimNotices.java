package org.tokenbroker.consent.page;

import org.tokenbroker.consent.ClaimLink;
import org.tokenbroker.consent.ClaimOutcome;
import org.tokenbroker.consent.page.Notice.Tone;

/** What a visitor reads of a claim link, after its button or instead of it. */
final class ClaimNotices {
  private ClaimNotices() {}

  static Notice of(ClaimOutcome.Armed armed) {
    String provider = armed.link().client().profile().name();
    return Notice.of(
        200,
        Tone.GOOD,
        "Now install the app at " + provider + ".",
        "Use this browser, and do it within "
            + armed.within().toMinutes()
            + " minutes. What you install will belong to "
            + armed.link().ticket().tenant()
            + ".",
        "If it takes longer, open the link that you were given once more.");
  }

  static Notice of(ClaimOutcome.Claimed claimed) {
    return Notice.of(
        200,
        Tone.GOOD,
        "Thank you. It is connected.",
        "What you installed at "
            + claimed.link().client().profile().name()
            + " belongs to "
            + claimed.link().ticket().tenant()
            + " from now on.",
        "You can close this page.");
  }

  static Notice of(ClaimOutcome.NotClaimable not) {
    return Notice.of(
        409,
        Tone.BAD,
        "What you installed cannot be connected by this link.",
        "It may have been connected before, or it has ended. Nothing was changed, and your link"
            + " still works.",
        "Ask whoever sent you the link.");
  }

  static Notice of(ClaimLink.Closed closed) {
    return switch (closed.reason()) {
      case UNKNOWN -> LinkNotices.UNKNOWN;
      case EXPIRED -> LinkNotices.EXPIRED;
      case USED ->
          Notice.of(
              410,
              Tone.NEUTRAL,
              "This link has done its work.",
              "An install was connected through it, and it works only once.");
      case WITHDRAWN ->
          Notice.of(410, Tone.NEUTRAL, "This link was withdrawn.", "Nothing was changed.");
    };
  }
}
