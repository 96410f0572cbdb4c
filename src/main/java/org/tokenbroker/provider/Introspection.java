package org.tokenbroker.provider;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.token.Secret;

/**
 * The provider's introspection endpoint (RFC 7662), asked for nothing but when a token ends ({@code
 * expiry.introspect}). Nothing that it answers is kept beside that, or logged (C15).
 */
public interface Introspection {
  /**
   * Sends at most one request, and ends within the limits of {@link TokenEndpoint}.
   *
   * @return when the token ends, 5 s taken off; empty where the endpoint does not exist, does not
   *     answer or does not tell. Never fails.
   */
  Uni<Optional<Instant>> end(ProviderClient client, Secret accessToken);
}
