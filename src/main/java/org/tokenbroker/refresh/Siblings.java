package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.provider.Registration;

/** What the other connections of a registration tell of its client. */
public interface Siblings {
  /**
   * @param client as the refused request was made with it
   * @param since when the connection was first refused
   */
  Uni<Evidence> of(Connection connection, Registration client, Instant since);

  /** What they tell. */
  enum Evidence {
    /** Another one got a token since then, with the client as it is now. */
    CLIENT_WORKS,
    /** Another one is refused in the same way, or there is no other one that could be. */
    NOBODY_WORKS,
    /** None was tried since then, or the store does not answer. */
    NOTHING_YET
  }
}
