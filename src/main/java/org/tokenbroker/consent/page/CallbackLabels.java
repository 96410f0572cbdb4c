package org.tokenbroker.consent.page;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.tokenbroker.consent.CallbackOutcome;
import org.tokenbroker.consent.ProviderError;
import org.tokenbroker.consent.Refusal;

/** Values of the label {@code outcome} of {@code token_broker_consent_callbacks_total}. */
final class CallbackLabels {
  private CallbackLabels() {}

  static String of(CallbackOutcome outcome) {
    return switch (outcome) {
      case CallbackOutcome.Kept kept -> "kept";
      case CallbackOutcome.Held held -> "held";
      case CallbackOutcome.AlreadyDone done -> "already_done";
      case CallbackOutcome.Superseded superseded -> "superseded";
      case CallbackOutcome.NotWanted notWanted -> "not_wanted";
      case CallbackOutcome.NoCode noCode -> label("provider", noCode.error());
      case CallbackOutcome.Failed failed -> label("failed", failed.failure());
      case CallbackOutcome.Refused refused -> label("refused", refused.reason());
      case CallbackOutcome.Installed installed -> "installed";
      case CallbackOutcome.InstallHeld held -> "install_held";
      case CallbackOutcome.InstallFailed failed -> label("install_failed", failed.failure());
      case CallbackOutcome.CodeSpent spent -> "code_spent";
      case CallbackOutcome.TooMany many -> "too_many";
      case CallbackOutcome.Unavailable unavailable -> "unavailable";
    };
  }

  /** Every value, so that each series exists from the start and a first failure shows as a rise. */
  static List<String> all() {
    return Stream.of(
            Stream.of("kept", "held", "already_done", "superseded", "not_wanted", "unavailable"),
            Stream.of("installed", "install_held", "code_spent", "too_many"),
            labels("install_failed", CallbackOutcome.Failure.values()),
            labels("provider", ProviderError.values()),
            labels("failed", CallbackOutcome.Failure.values()),
            labels("refused", Refusal.values()))
        .flatMap(labels -> labels)
        .toList();
  }

  private static Stream<String> labels(String prefix, Enum<?>[] constants) {
    return Arrays.stream(constants).map(constant -> label(prefix, constant));
  }

  private static String label(String prefix, Enum<?> constant) {
    return prefix + "_" + constant.name().toLowerCase(Locale.ROOT);
  }
}
