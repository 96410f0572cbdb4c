package org.tokenbroker.serve.rest;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.Problem.FieldError;
import org.tokenbroker.serve.Answer.NothingFresh.Cause;

/** The problems of the token API; their codes are part of the contract. */
final class TokenProblems {
  private static final long LONGEST_RETRY_SECONDS = 3600;

  private TokenProblems() {}

  /** Unknown and forbidden alike: nothing in it tells which (G-11). */
  static Response unknown() {
    return answer(Problem.of(404, "not_found", "There is no such connection.", "")).build();
  }

  static Response consentRequired() {
    return answer(
            Problem.of(
                409,
                "consent_required",
                "The connection's owner must agree again.",
                "Retrying does not help. An operator can make a consent link for the owner."))
        .build();
  }

  static Response keyRequired() {
    return answer(
            Problem.of(
                409,
                "api_key_required",
                "An operator must put a new API key of the connection.",
                "Retrying does not help: nothing renews a key."))
        .build();
  }

  static Response scopeNotGranted() {
    return answer(
            Problem.of(
                409,
                "scope_not_granted",
                "The connection's owner did not grant the scope.",
                "Ask for less, or let the owner agree to it."))
        .build();
  }

  static Response scopeProblem() {
    return answer(
            Problem.of(
                409,
                "insufficient_scope",
                "The API asks for a scope that the token lacks.",
                "A newer token would not help, so none was fetched."))
        .build();
  }

  static Response generationUnknown() {
    return answer(
            Problem.invalid(
                List.of(
                    new FieldError(
                        "generation",
                        "must be that of a served token; this one was never issued"))))
        .build();
  }

  static Response nothingFresh(Duration retryAfter, Cause cause) {
    return answer(
            Problem.of(
                503, "no_fresh_token", "No token with enough life is at hand.", detail(cause)))
        .header(HttpHeaders.RETRY_AFTER, seconds(retryAfter))
        .build();
  }

  static Response throttled(Duration retryAfter) {
    return answer(
            Problem.of(
                429,
                "too_many_requests",
                "This consumer asks too often.",
                "Keep a token until its refresh_after."))
        .header(HttpHeaders.RETRY_AFTER, seconds(retryAfter))
        .build();
  }

  private static String detail(Cause cause) {
    return switch (cause) {
      case REFRESH -> "The provider gave no newer token yet.";
      case LEDGER_UNAVAILABLE -> "PostgreSQL does not answer.";
      case SAFE_UNAVAILABLE -> "Vault does not answer.";
      case PROFILE_MISSING -> "The catalogue lacks the connection's provider.";
      case CONNECTING -> "The connection becomes active once its provider has told what is needed.";
    };
  }

  private static long seconds(Duration time) {
    long roundedUp = time.plusMillis(999).toSeconds();
    return Math.clamp(roundedUp, 1, LONGEST_RETRY_SECONDS);
  }

  private static Response.ResponseBuilder answer(Problem problem) {
    return Response.status(problem.status())
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(problem);
  }
}
