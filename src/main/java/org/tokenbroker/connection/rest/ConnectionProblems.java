package org.tokenbroker.connection.rest;

import java.util.List;
import org.tokenbroker.connection.ConnectionDesk.Flaw;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.Problem.FieldError;
import org.tokenbroker.platform.ProblemException;

/** The problems of the connection API; their codes are part of the contract. */
final class ConnectionProblems {
  private ConnectionProblems() {}

  static ProblemException unknown() {
    return new ProblemException(Problem.of(404, "not_found", "There is no such resource.", ""));
  }

  static ProblemException taken() {
    return new ProblemException(
        Problem.of(
            409,
            "connection_exists",
            "Another connection has this id.",
            "Choose another id, or delete the existing connection first."));
  }

  static ProblemException notNow() {
    return new ProblemException(
        Problem.of(
            409,
            "state_conflict",
            "The connection's state does not allow this.",
            "Look at its state first."));
  }

  static ProblemException noKeyPossible(String reason) {
    return new ProblemException(
        Problem.of(409, "api_key_not_possible", "No API key can be put here.", reason));
  }

  static ProblemException revocationNotPossible(String fix) {
    return new ProblemException(
        Problem.of(409, "revocation_not_possible", "There is nothing that could be revoked.", fix));
  }

  static ProblemException claimed() {
    return new ProblemException(
        Problem.of(
            409,
            "connection_claimed",
            "The connection belongs to another tenant.",
            "Delete it, and have the customer install the app again."));
  }

  static ProblemException notClaimable() {
    return new ProblemException(
        Problem.of(
            409,
            "state_conflict",
            "The connection cannot be claimed now.",
            "See state and waiting_for: what waits for its owner, for its provider's facts, or is"
                + " disabled, is not unclaimed."));
  }

  static ProblemException notPossible(String reason) {
    return new ProblemException(
        Problem.of(409, "consent_not_possible", "No consent link can be made.", reason));
  }

  static ProblemException claimLinkNotPossible(String reason) {
    return new ProblemException(
        Problem.of(409, "claim_link_not_possible", "No claim link can be made.", reason));
  }

  static ProblemException unavailable() {
    return new ProblemException(
        Problem.of(
            503,
            "store_unavailable",
            "A store cannot be reached.",
            "Send the same request again in a few seconds; it completes what is missing."));
  }

  static ProblemException flawed(List<Flaw> flaws) {
    return new ProblemException(
        Problem.invalid(
            flaws.stream().map(flaw -> new FieldError(flaw.field(), flaw.fix())).toList()));
  }
}
