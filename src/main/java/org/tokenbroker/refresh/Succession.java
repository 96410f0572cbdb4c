package org.tokenbroker.refresh;

import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.DurableWriter.Decision;

/**
 * How a refresh token that came without an access token goes into the credential that the safe
 * holds by the time it is written. Pure.
 *
 * @param question what is answered
 */
record Succession(Question question, NextRefreshToken next) {
  /** The access token goes on. Stores it unless nobody waits for it any more. */
  Decision onto(Credential current) {
    return question.isOpenIn(current)
        ? new Decision.Store(current.goingOnWith(next.after(current)))
        : new Decision.Drop();
  }
}
