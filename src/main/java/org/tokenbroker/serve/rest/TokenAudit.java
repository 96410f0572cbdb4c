package org.tokenbroker.serve.rest;

import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.tokenbroker.serve.Answer;
import org.tokenbroker.serve.Consumer;
import org.tokenbroker.serve.Fingerprints;

/**
 * One line of the log {@code audit} for each token issued or refused (E8): who, which connection
 * and generation, a keyed hash of the token, what came of it. Never the token. The line carries the
 * request id as context data.
 */
@ApplicationScoped
public class TokenAudit {
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final Fingerprints fingerprints;

  TokenAudit(Fingerprints fingerprints) {
    this.fingerprints = fingerprints;
  }

  /**
   * @param target id or lookup, of a form that is safe in a log
   */
  void refused(Consumer consumer, String target, Outcome outcome) {
    AUDIT.infof(
        "event=token outcome=%s reason=%s consumer=\"%s\" target=%s",
        Outcome.label(outcome.result()), outcome.reason(), consumer, target);
  }

  void issued(Consumer consumer, Answer.Token answer, Outcome outcome) {
    AUDIT.infof(
        "event=token outcome=%s reason=%s consumer=\"%s\" connection=%s generation=%s token_hash=%s",
        Outcome.label(outcome.result()),
        outcome.reason(),
        consumer,
        answer.connection().id(),
        answer.servable().generation(),
        fingerprints.of(answer.connection().id(), answer.servable()));
  }
}
