package org.tokenbroker.provider;

import java.time.Instant;

/** Faults of a registration are kept apart from faults of its connections (X-2, IV-10, G-6). */
public sealed interface RegistrationHealth {
  record Healthy() implements RegistrationHealth {}

  /**
   * The provider refuses our client: no token request goes out but one slow probe (C7).
   *
   * @param reason {@code INVALID_CLIENT}, {@code UNAUTHORIZED_CLIENT} or {@code GRANT_OR_CLIENT}
   * @param since when it was first refused
   * @param probeAt when the next probe may go out
   */
  record Faulty(Rejection reason, Instant since, Instant probeAt) implements RegistrationHealth {}
}
