package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.token.RegistrationId;

/** Looks at registrations for operators: at those that need somebody. */
public interface RegistrationCensus {
  /** How many of the faulty ones are named at most: the longest faulty ones. */
  int MOST_NAMED = 100;

  /**
   * A registration whose client the provider refuses (IV-10).
   *
   * @param provider id of its profile
   */
  record Faulty(RegistrationId id, String provider, RegistrationFault cause) {}

  /**
   * All that is seen at one moment.
   *
   * @param faulty at most {@link #MOST_NAMED}
   * @param faultyByProvider how many there are, of providers that have any
   * @param certificateEnds when the first certificate of a key that signs ends, of providers that
   *     have any
   */
  record Seen(
      List<Faulty> faulty,
      Map<String, Long> faultyByProvider,
      Map<String, Instant> certificateEnds) {}

  /** Empty when the ledger does not answer. */
  Uni<Optional<Seen>> look();
}
