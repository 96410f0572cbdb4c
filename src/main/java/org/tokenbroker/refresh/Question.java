package org.tokenbroker.refresh;

import java.util.Optional;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.token.Generation;

/**
 * A call to a provider whose answer is on its way into the safe. Pure.
 *
 * @param attempt names the call
 * @param grant the agreement under which it was made
 * @param presented number of the refresh token that was presented; 0 where none was
 * @param newest newest generation known to the ledger
 */
record Question(
    String attempt, Optional<Credential.Grant> grant, long presented, Generation newest) {
  /**
   * Not once the owner agreed anew, the credential was destroyed, or a newer refresh token than the
   * presented one is there: what a later call got is never overwritten by an earlier one. A new
   * agreement that goes on with the presented refresh token leaves the call open for its answer.
   */
  boolean isOpenIn(Credential current) {
    boolean sameGrant =
        current.grant().map(Credential.Grant::id).equals(grant.map(Credential.Grant::id));
    boolean ours = current.pending().filter(call -> call.attempt().equals(attempt)).isPresent();
    boolean untouched =
        !current.equals(Credential.EMPTY)
            && current.refreshTokenNumber() == presented
            && (presented > 0 || current.pending().isEmpty());
    boolean nobodyElse = untouched && !current.generation().isNewerThan(newest);
    return ours || (sameGrant && nobodyElse);
  }
}
