package org.tokenbroker.consent.page;

import java.net.URI;
import org.tokenbroker.consent.CallbackOutcome;
import org.tokenbroker.consent.ProviderError;
import org.tokenbroker.consent.PublicUrls;
import org.tokenbroker.consent.Refusal;
import org.tokenbroker.consent.page.Notice.Tone;
import org.tokenbroker.token.Secret;

/** What an owner reads after coming back from the provider. No word of it is the provider's. */
final class CallbackNotices {
  private static final String OPEN_LINK_AGAIN =
      "To try again, open the link that you were given once more.";
  private static final String NOTHING_STORED = "Nothing was stored and nothing was changed.";

  private final URI publicUrl;

  CallbackNotices(URI publicUrl) {
    this.publicUrl = publicUrl;
  }

  Notice of(CallbackOutcome outcome) {
    return switch (outcome) {
      case CallbackOutcome.Kept kept ->
          Notice.of(
              200,
              Tone.GOOD,
              "Thank you. Access has been granted.",
              "It is kept safely and renewed in the background. It lasts until you withdraw it.",
              "You can close this page.");
      case CallbackOutcome.Held held ->
          Notice.of(
              202,
              Tone.GOOD,
              "Thank you. Your agreement has arrived.",
              "It is being stored, which takes longer than usual. You can close this page.",
              "If you are asked again later, your link still works.");
      case CallbackOutcome.AlreadyDone done ->
          Notice.of(
              200,
              Tone.GOOD,
              "This has already been done.",
              "Access was granted before. Nothing was changed by opening this page again.",
              "You can close this page.");
      case CallbackOutcome.Superseded superseded ->
          Notice.of(
              200,
              Tone.NEUTRAL,
              "A newer agreement is already in place.",
              "The newer one is kept, and this one was not needed. You can close this page.");
      case CallbackOutcome.NotWanted notWanted ->
          Notice.of(
              410,
              Tone.NEUTRAL,
              "Access is not asked for any more.",
              "The request was withdrawn while you were away. Nothing was stored.");
      case CallbackOutcome.NoCode noCode -> of(noCode.error()).withRestart(link(noCode.ticket()));
      case CallbackOutcome.Failed failed -> of(failed.failure()).withRestart(link(failed.ticket()));
      case CallbackOutcome.Refused refused -> of(refused.reason());
      case CallbackOutcome.Installed installed -> InstallNotices.of(installed);
      case CallbackOutcome.InstallHeld held -> InstallNotices.of(held);
      case CallbackOutcome.InstallFailed failed -> InstallNotices.of(failed);
      case CallbackOutcome.CodeSpent spent -> InstallNotices.CODE_SPENT;
      case CallbackOutcome.TooMany many -> InstallNotices.of(many);
      case CallbackOutcome.Unavailable unavailable ->
          Notice.of(
              503,
              Tone.BAD,
              "We cannot do this right now.",
              "Nothing is lost yet. Please reload this page in a moment.",
              "If that does not help, open the link that you were given once more.");
    };
  }

  private URI link(Secret ticket) {
    return PublicUrls.link(publicUrl, ticket);
  }

  private static Notice of(ProviderError error) {
    return switch (error) {
      case ACCESS_DENIED ->
          Notice.of(
              200,
              Tone.NEUTRAL,
              "Access was not granted.",
              NOTHING_STORED,
              "If this was not what you wanted, start again.");
      case SERVER_ERROR, TEMPORARILY_UNAVAILABLE ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider could not do this right now.",
              NOTHING_STORED,
              "Please start again in a few minutes.");
      case CONFIGURATION ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not accept our request.",
              NOTHING_STORED,
              "This has to be mended by whoever sent you the link. Please tell them, then start"
                  + " again.");
      case OTHER ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not grant access.",
              NOTHING_STORED,
              "You can start again.");
    };
  }

  private static Notice of(CallbackOutcome.Failure failure) {
    return switch (failure) {
      case NOT_WRITABLE ->
          Notice.of(
              503,
              Tone.BAD,
              "We cannot store your agreement right now.",
              "So that nothing gets lost, we did not complete it.",
              "Please start again in a few minutes.");
      case CODE_REJECTED ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not accept the confirmation it had sent.",
              "This happens when a page was open for too long or was loaded twice. "
                  + NOTHING_STORED,
              "Please start again.");
      case CLIENT_REJECTED ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not accept our registration.",
              NOTHING_STORED,
              "This has to be mended by whoever sent you the link. They have been alerted. Please"
                  + " start again later.");
      case PROVIDER_BUSY ->
          Notice.of(
              503,
              Tone.BAD,
              "The provider cannot be reached right now.",
              NOTHING_STORED,
              "Please start again in a few minutes.");
      case UNKNOWN_OUTCOME ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not answer properly.",
              "We do not know whether access was granted, and nothing was stored here.",
              "Please start again.");
      case NOT_SET_UP ->
          Notice.of(
              503,
              Tone.BAD,
              "This cannot be completed right now.",
              "Something has to be set up first by whoever sent you the link. Please tell them. "
                  + NOTHING_STORED);
      case NO_REFRESH_TOKEN ->
          Notice.of(
              502,
              Tone.BAD,
              "The provider did not grant lasting access.",
              "What it granted would end within hours, so it was not stored.",
              "Please tell whoever sent you the link, then start again.");
    };
  }

  private static Notice of(Refusal refusal) {
    return switch (refusal) {
      case MALFORMED, STATE_MISSING, STATE_UNKNOWN ->
          Notice.of(
              400,
              Tone.BAD,
              "This page cannot be opened on its own.",
              "It only works at the end of a sign-in that began with your link, or of an install. "
                  + NOTHING_STORED,
              OPEN_LINK_AGAIN);
      case STATE_EXPIRED ->
          Notice.of(
              410,
              Tone.NEUTRAL,
              "This took too long.",
              "For your safety, a sign-in has to be finished within a few minutes. "
                  + NOTHING_STORED,
              OPEN_LINK_AGAIN);
      case STATE_USED ->
          Notice.of(
              410,
              Tone.NEUTRAL,
              "This step was taken before.",
              "It works only once, and it is over or being finished in another window.",
              "If no window says that access has been granted, open the link that you were given"
                  + " once more.");
      case OTHER_BROWSER ->
          Notice.of(
              403,
              Tone.BAD,
              "This sign-in began in another browser.",
              "For your safety, it has to be finished in the browser in which it began, with"
                  + " cookies allowed. "
                  + NOTHING_STORED,
              OPEN_LINK_AGAIN);
      case OTHER_REGISTRATION, ISSUER_MISSING, ISSUER_MISMATCH ->
          Notice.of(
              400,
              Tone.BAD,
              "This answer did not come from where you were sent.",
              "For your safety, it was not used. " + NOTHING_STORED,
              OPEN_LINK_AGAIN);
      case LINK_WITHDRAWN ->
          Notice.of(
              410,
              Tone.NEUTRAL,
              "Access is not asked for any more.",
              "The request was withdrawn while you were away. " + NOTHING_STORED);
    };
  }
}
