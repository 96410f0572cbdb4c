package org.tokenbroker.consent.page;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.tokenbroker.consent.CallbackOutcome;
import org.tokenbroker.token.ConnectionId;

/**
 * Counts callbacks and logs them by connection. Made at start, so that every series exists from
 * then on.
 */
@Startup
@ApplicationScoped
class CallbackJournal {
  private static final Logger LOG = Logger.getLogger(CallbackJournal.class);

  private final MeterRegistry meters;

  CallbackJournal(MeterRegistry meters) {
    this.meters = meters;
    CallbackLabels.all().forEach(this::counter);
  }

  void record(CallbackOutcome outcome) {
    counter(CallbackLabels.of(outcome)).increment();
    log(outcome);
  }

  private Counter counter(String label) {
    return Counter.builder("token_broker_consent_callbacks")
        .description("Callbacks of consents by what became of them")
        .tag("outcome", label)
        .register(meters);
  }

  private static void log(CallbackOutcome outcome) {
    switch (outcome) {
      case CallbackOutcome.Kept kept ->
          LOG.infof("Consent of connection %s: granted and kept", kept.subject().connection());
      case CallbackOutcome.Held held ->
          LOG.warnf(
              "Consent of connection %s: granted, but the safe does not take it yet",
              held.subject().connection());
      case CallbackOutcome.AlreadyDone done ->
          LOG.infof("Consent of connection %s: a callback came again", done.connection());
      case CallbackOutcome.Superseded superseded ->
          LOG.infof(
              "Consent of connection %s: a newer one was kept before", superseded.connection());
      case CallbackOutcome.NotWanted notWanted ->
          LOG.infof("Consent of connection %s: not asked for any more", notWanted.connection());
      case CallbackOutcome.NoCode noCode ->
          LOG.infof(
              "Consent of connection %s: no code came back (%s)",
              noCode.connection(), words(noCode.error()));
      case CallbackOutcome.Failed failed ->
          LOG.warnf(
              "Consent of connection %s: agreed, but no grant came of it (%s)",
              failed.connection(), words(failed.failure()));
      case CallbackOutcome.Refused refused ->
          LOG.warnf(
              "Consent of connection %s: callback refused (%s)",
              refused.connection().map(ConnectionId::value).orElse("unknown"),
              words(refused.reason()));
      case CallbackOutcome.Installed installed ->
          LOG.infof("Install of connection %s: kept", installed.landing().connection());
      case CallbackOutcome.InstallHeld held ->
          LOG.warnf(
              "Install of connection %s: agreed, but the safe does not take it yet",
              held.connection());
      case CallbackOutcome.InstallFailed failed ->
          LOG.warnf(
              "An install under registration %s came to nothing (%s)",
              failed.registration(), words(failed.failure()));
      case CallbackOutcome.CodeSpent spent ->
          LOG.infof("A code of an install under registration %s came again", spent.registration());
      case CallbackOutcome.TooMany many ->
          LOG.warnf("More installs than allowed under registration %s", many.registration());
      case CallbackOutcome.Unavailable unavailable ->
          LOG.warn("A consent callback could not be judged: a store is unavailable");
    }
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
