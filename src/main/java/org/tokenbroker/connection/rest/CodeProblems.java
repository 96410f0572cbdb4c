package org.tokenbroker.connection.rest;

import org.tokenbroker.consent.CodeImport.Outcome;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.ProblemException;

/** The problems of bringing a code; their codes are part of the contract. */
final class CodeProblems {
  private CodeProblems() {}

  static ProblemException replayed() {
    return problem(
        409,
        "code_already_used",
        "This authorization code was brought before.",
        "Fetch a new code at the provider.");
  }

  static ProblemException superseded() {
    return problem(
        409,
        "grant_superseded",
        "A newer agreement was kept meanwhile.",
        "Nothing to do: the connection has the newer one.");
  }

  static ProblemException notPossible(String reason) {
    return problem(409, "code_not_possible", "No code can be taken.", reason);
  }

  static ProblemException failed(Outcome.Failed failed) {
    return switch (failed.failure()) {
      case NOT_WRITABLE -> ConnectionProblems.unavailable();
      case PROVIDER_BUSY ->
          problem(
              503,
              "provider_unavailable",
              "The provider was not reached, or turned us away for now.",
              failed.presented()
                  ? "The provider saw the code, which is not presented twice: fetch a new one."
                  : "The code was not presented: bring it again soon, before it expires.");
      case CODE_REJECTED ->
          problem(
              409,
              "code_rejected",
              "The provider refused the authorization code.",
              "It is wrong, expired or used, or was asked for with another redirect_uri: fetch a"
                  + " new one.");
      case CLIENT_REJECTED ->
          problem(
              409,
              "client_rejected",
              "The provider refused our client, or what it asked for.",
              "Look at the registration: its credentials, scopes and grants. Then fetch a new code.");
      case NOT_SET_UP ->
          problem(
              409,
              "code_not_possible",
              "No code can be taken.",
              "The registration or its profile is not complete: see what it lacks.");
      case UNKNOWN_OUTCOME ->
          problem(
              502,
              "outcome_unknown",
              "Nobody knows what the provider did with the code.",
              "It is not presented again: fetch a new code.");
      case NO_REFRESH_TOKEN ->
          problem(
              409,
              "no_refresh_token",
              "The provider gave no refresh token, which its profile requires.",
              "Ask for the scope that brings one, then fetch a new code.");
    };
  }

  private static ProblemException problem(int status, String code, String title, String detail) {
    return new ProblemException(Problem.of(status, code, title, detail));
  }
}
