package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.token.Secret;

/**
 * The provider's API, as far as the broker itself calls it: the look-up that the profile's {@code
 * post_connect} asks for (BE-9).
 *
 * <ol>
 *   <li>One call sends at most one request: no retry, no redirect followed.
 *   <li>The token goes where the profile's {@code resource} says and nowhere else (C8).
 *   <li>A call ends within the total time limit (10 s by default), whatever the provider does.
 *   <li>The outcome is always a value; no text of the provider but the facts that the profile names
 *       leaves this port.
 *   <li>Calls count towards the provider's budget; trouble of its API neither opens the breaker of
 *       its token endpoint nor pauses it (G-6).
 * </ol>
 */
public interface ProviderApi {
  /**
   * Nothing is asked, and nothing learned, where the profile has no {@code post_connect}.
   *
   * @param accessToken of the new connection
   */
  Uni<PostConnectReply> learn(ProviderClient client, Secret accessToken);
}
