package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import org.tokenbroker.fixture.SilentLedger;
import org.tokenbroker.provider.Introspection;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.ConnectionId;

/** Builds this chapter's services for tests of later chapters. */
public final class CredentialAccess {
  private CredentialAccess() {}

  public static Credentials to(SecretSafe safe) {
    return new Credentials(safe);
  }

  /** Asks this endpoint, for whoever holds the client. */
  public static EndFinder ends(Introspection introspection, DurableWriter writer) {
    return new EndFinder(
        new SilentLedger() {
          @Override
          public Uni<LedgerRead> find(ConnectionId id) {
            throw new AssertionError("the client is known");
          }
        },
        KnownClient.none(),
        introspection,
        writer);
  }

  /** For tests in which no provider is asked when a token ends. */
  static EndFinder endsUnasked(DurableWriter writer) {
    return ends(
        (client, token) -> {
          throw new AssertionError("not asked in this test");
        },
        writer);
  }

  public static Leftovers leftovers(
      SecretSafe safe,
      Ledger ledger,
      NotedOrders outbox,
      DurableWriter writer,
      Pause pause,
      InstantSource time) {
    return new Leftovers(
        new Credentials(safe),
        ledger,
        new RevocationOrders(safe, outbox, pause, time),
        writer,
        pause);
  }

  public static DurableWriter writer(Credentials credentials, Pause pause) {
    return new DurableWriter(credentials, pause);
  }
}
