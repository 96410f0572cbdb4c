package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;

/**
 * The provider's token and revocation endpoints.
 *
 * <ol>
 *   <li>One call sends at most one request: no retry, no redirect followed (C3).
 *   <li>A call ends within the total time limit (10 s by default), and half as long for its turn,
 *       whatever the provider does.
 *   <li>The outcome is always a value; no text of the provider leaves this port.
 *   <li>Calls of one provider never wait on another's: guard and budget are per profile (G-6).
 * </ol>
 */
public interface TokenEndpoint {
  Uni<TokenReply> request(ProviderClient client, TokenRequest request);

  Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation);
}
