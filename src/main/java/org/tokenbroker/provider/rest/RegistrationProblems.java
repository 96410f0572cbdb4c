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
            "Connections, or revocations still to be done, depend on this registration as it is.",
            "Delete its connections first: until then it keeps its profile and its variables, so that no credential"
                + " reaches another environment. For another environment put another registration."));
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
