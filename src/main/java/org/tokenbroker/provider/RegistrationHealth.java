package org.tokenbroker.provider;

import java.time.Instant;

/** Faults of a registration are kept apart from faults of its connections (X-2, IV-10, G-6). */
public sealed interface RegistrationHealth {
  record Healthy() implements RegistrationHealth {}

  /**
   * Our client cannot be used: no token request goes out but one slow probe (C7).
   *
   * @param since when that was first found
   * @param probeAt when the next probe may go out
   */
  record Faulty(RegistrationFault reason, Instant since, Instant probeAt)
      implements RegistrationHealth {}
}
