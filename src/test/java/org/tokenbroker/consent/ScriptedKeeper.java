package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Scopes;

/** Answers as it is told to and notes what it was given. */
final class ScriptedKeeper implements GrantKeeper {
  private Readiness readiness = Readiness.READY;
  private Outcome outcome = Outcome.KEPT;
  private final List<GrantId> prepared = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>();

  record Kept(ConnectionId connection, GrantId grant, GrantedTokens tokens, Scopes requested) {}

  void answer(Readiness next) {
    readiness = next;
  }

  void answer(Outcome next) {
    outcome = next;
  }

  List<GrantId> prepared() {
    return prepared;
  }

  List<Kept> kept() {
    return kept;
  }

  @Override
  public Uni<Readiness> prepare(ConnectionId connection, GrantId grant) {
    return Uni.createFrom().item(() -> readiness).invoke(() -> prepared.add(grant));
  }

  @Override
  public Uni<Outcome> keep(
      ConnectionId connection,
      GrantId grant,
      Arrival arrival,
      GrantedTokens tokens,
      Scopes requested,
      Profile profile) {
    return Uni.createFrom()
        .item(() -> outcome)
        .invoke(() -> kept.add(new Kept(connection, grant, tokens, requested)));
  }
}
