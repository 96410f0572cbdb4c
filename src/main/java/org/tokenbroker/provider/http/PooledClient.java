package org.tokenbroker.provider.http;

import io.quarkus.oidc.client.OidcClient;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;

/**
 * A client of OIDC Client that is closed only when nobody uses it any more: closing cuts its
 * connections, and a cut request is one whose outcome nobody knows.
 */
final class PooledClient {
  private final Uni<OidcClient> client;
  private int users;
  private boolean retired;
  private boolean closed;

  PooledClient(Uni<OidcClient> client) {
    this.client = client.memoize().indefinitely();
  }

  <T> Uni<T> use(Function<OidcClient, Uni<? extends T>> call) {
    return Uni.createFrom()
        .deferred(
            () -> {
              enter();
              return client.chain(call).eventually(this::leave);
            });
  }

  /** No new user comes: closed as soon as the last one has left. */
  void retire() {
    synchronized (this) {
      retired = true;
    }
    closeIfUnused();
  }

  private synchronized void enter() {
    users++;
  }

  private void leave() {
    synchronized (this) {
      users--;
    }
    closeIfUnused();
  }

  private void closeIfUnused() {
    synchronized (this) {
      if (!retired || users > 0 || closed) {
        return;
      }
      closed = true;
    }
    client.subscribe().with(PooledClient::close, neverMade -> {});
  }

  private static void close(OidcClient client) {
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
