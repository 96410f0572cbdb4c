package org.tokenbroker.safe.vault;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.Deque;

/** A Vault that answers about tokens when and as the test says; counts what it was asked. */
final class ScriptedTokens implements VaultTokens {
  final Deque<UniEmitter<? super VaultReply<VaultLease>>> logins = new ArrayDeque<>();
  final Deque<UniEmitter<? super VaultReply<VaultLease>>> renewals = new ArrayDeque<>();
  final Deque<UniEmitter<? super VaultReply<VaultLease>>> lookUps = new ArrayDeque<>();
  int loginsAsked;
  int renewalsAsked;
  int lookUpsAsked;

  @Override
  public Uni<VaultReply<VaultLease>> logIn() {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              loginsAsked++;
              logins.add(emitter);
            });
  }

  @Override
  public Uni<VaultReply<VaultLease>> renew(VaultLease lease) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              renewalsAsked++;
              renewals.add(emitter);
            });
  }

  @Override
  public Uni<VaultReply<VaultLease>> lookUp(VaultLease lease) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              lookUpsAsked++;
              lookUps.add(emitter);
            });
  }
}
