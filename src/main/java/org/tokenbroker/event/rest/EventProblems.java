package org.tokenbroker.event.rest;

import org.tokenbroker.platform.Fields;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.ProblemException;

/** The problems of events and webhooks; their codes are part of the contract. */
final class EventProblems {
  private EventProblems() {}

  static ProblemException noSuchPlace() {
    return Fields.invalid(
        "after",
        "was never given by this broker: leave it out to begin with the oldest event that is kept");
  }

  static ProblemException unknownWebhook() {
    return new ProblemException(Problem.of(404, "not_found", "There is no such webhook.", ""));
  }

  static ProblemException unavailable() {
    return new ProblemException(
        Problem.of(
            503,
            "store_unavailable",
            "A store cannot be reached, or somebody else changed the webhook at the same time.",
            "Send the same request again in a few seconds; it completes what is missing."));
  }
}
