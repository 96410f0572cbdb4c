package org.tokenbroker.platform;

/**
 * Ends a request with a {@link Problem}. For adapters at the HTTP edge only; has no stack trace and
 * no cause.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
