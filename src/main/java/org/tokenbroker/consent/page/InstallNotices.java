package org.tokenbroker.consent.page;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.consent.CallbackOutcome;
import org.tokenbroker.consent.Landing;
import org.tokenbroker.consent.page.Notice.Link;
import org.tokenbroker.consent.page.Notice.Tone;

/** What a browser shows at the end of an install that started at the provider (BE-10). */
final class InstallNotices {
  /** The same for everybody: it tells nothing of the install that the code was for (BE-4). */
  static final Notice CODE_SPENT =
      Notice.of(
          410,
          Tone.NEUTRAL,
          "This step was taken before.",
          "This page works only once, and nothing was changed by opening it again.",
          "If a window said that the app has been installed, there is nothing left to do."
              + " Otherwise, install it again where you found it.");

  private static final String CLOSE = "You can close this page.";
  private static final String INSTALL_AGAIN = "Please install the app again where you found it.";
  private static final String RELOAD = "Please reload this page in a minute.";

  private InstallNotices() {}

  static Notice of(CallbackOutcome.Installed installed) {
    String provider = installed.names().provider();
    List<String> paragraphs = new ArrayList<>();
    paragraphs.add(
        provider + " has granted access. It is kept safely and renewed in the background.");
    paragraphs.add(
        installed
            .tenant()
            .map(tenant -> "It now belongs to " + tenant + ".")
            .orElse(
                "Whoever offers you the app will now connect it to your account there. If you were"
                    + " given a link for that, open it in this browser."));
    Optional<URI> back =
        switch (installed.landing()) {
          case Landing.Known known -> known.returnUrl();
          case Landing.Waiting waiting -> Optional.empty();
        };
    if (installed.landing() instanceof Landing.Waiting) {
      paragraphs.add(
          provider
              + " has not told all that is needed yet. It is asked again in the background; there is"
              + " nothing for you to do.");
    }
    paragraphs.add(back.isPresent() ? "You can go back or close this page." : CLOSE);
    return new Notice(
        200,
        Tone.GOOD,
        installed.names().applicant() + " has been installed.",
        paragraphs,
        back.map(url -> new Link(url, "Back to " + provider)),
        Optional.empty());
  }

  static Notice of(CallbackOutcome.InstallHeld held) {
    return Notice.of(
        202,
        Tone.GOOD,
        held.names().applicant() + " is being installed.",
        held.names().provider()
            + " has granted access. It is being stored, which takes longer than usual.",
        "There is nothing for you to do. " + CLOSE);
  }

  static Notice of(CallbackOutcome.TooMany many) {
    return Notice.of(
            429,
            Tone.NEUTRAL,
            "There are too many installs right now.",
            "Nothing is lost. " + RELOAD)
        .retryAfter(many.retryAfter());
  }

  static Notice of(CallbackOutcome.InstallFailed failed) {
    String then = failed.again() ? RELOAD : INSTALL_AGAIN;
    return switch (failed.failure()) {
      case NOT_WRITABLE ->
          Notice.of(
              503,
              Tone.BAD,
              "We cannot store the install right now.",
              "So that nothing gets lost, we did not complete it.",
              then);
      case NOT_SET_UP ->
          Notice.of(
              503,
              Tone.BAD,
              "The install cannot be completed yet.",
              "Something has to be set up first by whoever offers you the app. Please tell them,"
                  + " then reload this page or install the app again.");
      case CODE_REJECTED ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not accept the confirmation it had sent.",
              "This happens when a page was open for too long. Nothing was stored.",
              then);
      case CLIENT_REJECTED ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not accept our registration.",
              "This has to be mended by whoever offers you the app. They have been alerted.",
              INSTALL_AGAIN);
      case PROVIDER_BUSY ->
          Notice.of(
              503,
              Tone.BAD,
              "The provider cannot be reached right now.",
              "Nothing was stored.",
              then);
      case UNKNOWN_OUTCOME ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not answer properly.",
              "We do not know whether access was granted, and nothing was stored here.",
              then);
      case NO_REFRESH_TOKEN ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not grant lasting access.",
              "What it granted would end soon, so it was not stored.",
              "Please tell whoever offers you the app.");
    };
  }
}
