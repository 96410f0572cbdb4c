package org.tokenbroker.provider.rest;

import java.util.List;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.Problem.FieldError;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.provider.RegistrationDesk.Flaw;

/** The problems of the registration API; their codes are part of the contract. */
final class RegistrationProblems {
  private RegistrationProblems() {}

  static ProblemException unknown() {
    return new ProblemException(Problem.of(404, "not_found", "There is no such resource.", ""));
  }

  static ProblemException inUse() {
    return new ProblemException(
        Problem.of(
            409,
            "registration_in_use",
            "Connections depend on this registration.",
            "Delete its connections first; a registration with connections keeps its profile."));
  }

  static ProblemException unavailable() {
    return new ProblemException(
        Problem.of(
            503,
            "store_unavailable",
            "A store cannot be reached, or somebody else changed the registration at the same time.",
            "Send the same request again in a few seconds; it completes what is missing."));
  }

  static ProblemException flawed(List<Flaw> flaws) {
    return new ProblemException(
        Problem.invalid(
            flaws.stream().map(flaw -> new FieldError(flaw.field(), flaw.fix())).toList()));
  }
}
