package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import org.tokenbroker.token.ConnectionId;

/** Remembers codes that were brought, for all replicas. Fails only on programming errors. */
public interface BroughtCodes {
  /** Of any number of callers with one code, on any number of replicas, one is answered NEW. */
  Uni<Noted> note(Fingerprint code, ConnectionId connection, Instant now);

  /** The code was certainly not presented: it may be brought again. */
  Uni<Stored> release(Fingerprint code);

  /** At most so many that were noted before that moment. */
  Uni<Stored> forget(Instant notedBefore, int limit);

  /** Outcome of {@link #note}. */
  enum Noted {
    NEW,
    KNOWN,
    UNAVAILABLE
  }
}
