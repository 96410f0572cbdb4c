package org.tokenbroker.serve.rest;

import java.util.Locale;
import org.tokenbroker.serve.Answer;

/**
 * What came of a token request, for metrics and audit.
 *
 * @param reason snake_case name of a closed set
 */
record Outcome(Result result, String reason) {
  enum Result {
    SERVED,
    NOT_MODIFIED,
    DENIED,
    UNKNOWN,
    CONSENT_REQUIRED,
    KEY_REQUIRED,
    NOTHING_FRESH,
    REFUSED,
    THROTTLED
  }

  static final Outcome NOT_MODIFIED = new Outcome(Result.NOT_MODIFIED, "none");
  static final Outcome THROTTLED = new Outcome(Result.THROTTLED, "rate_limit");
  static final Outcome INVALID = new Outcome(Result.REFUSED, "invalid_request");
  static final Outcome MALFORMED_ID = new Outcome(Result.UNKNOWN, "no_connection");

  private static final Outcome SERVED = new Outcome(Result.SERVED, "none");
  private static final Outcome DEGRADED = new Outcome(Result.SERVED, "degraded");
  private static final Outcome CONSENT_REQUIRED = new Outcome(Result.CONSENT_REQUIRED, "none");
  private static final Outcome KEY_REQUIRED = new Outcome(Result.KEY_REQUIRED, "none");
  private static final Outcome SCOPE_NOT_GRANTED = new Outcome(Result.REFUSED, "scope_not_granted");
  private static final Outcome SCOPE_PROBLEM = new Outcome(Result.REFUSED, "insufficient_scope");
  private static final Outcome GENERATION_UNKNOWN =
      new Outcome(Result.REFUSED, "generation_unknown");

  static Outcome of(Answer answer) {
    return switch (answer) {
      case Answer.Token token -> token.degraded().isPresent() ? DEGRADED : SERVED;
      case Answer.Unknown unknown -> new Outcome(result(unknown.reason()), label(unknown.reason()));
      case Answer.ConsentRequired required -> CONSENT_REQUIRED;
      case Answer.KeyRequired required -> KEY_REQUIRED;
      case Answer.NothingFresh nothing -> new Outcome(Result.NOTHING_FRESH, label(nothing.cause()));
      case Answer.ScopeNotGranted scope -> SCOPE_NOT_GRANTED;
      case Answer.ScopeProblem problem -> SCOPE_PROBLEM;
      case Answer.GenerationUnknown unknown -> GENERATION_UNKNOWN;
    };
  }

  private static Result result(Answer.Unknown.Reason reason) {
    return switch (reason) {
      case NO_RULE, SCOPES_BEYOND_RULES, KEY_NOT_EXPORTED -> Result.DENIED;
      case NO_CONNECTION, AMBIGUOUS, NOT_SERVED -> Result.UNKNOWN;
    };
  }

  static String label(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
