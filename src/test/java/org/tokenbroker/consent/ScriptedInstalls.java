package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.TenantId;

/** Remembers whose installs are, and lets them land as it is told to. */
final class ScriptedInstalls implements InstallKeeper, Landings {
  private final List<Install> begun = new ArrayList<>();
  private final List<ConnectionId> abandoned = new ArrayList<>();
  private final Map<ConnectionId, TenantId> owners = new HashMap<>();
  private Stored beginning = Stored.DONE;
  private Optional<ConnectionId> existing = Optional.empty();

  void answer(Stored next) {
    beginning = next;
  }

  /** The account of each install has this connection already. */
  void landsAt(ConnectionId connection) {
    existing = Optional.of(connection);
  }

  void belongs(ConnectionId connection, TenantId tenant) {
    owners.put(connection, tenant);
  }

  List<Install> begun() {
    return begun;
  }

  List<ConnectionId> abandoned() {
    return abandoned;
  }

  Optional<TenantId> ownerOf(ConnectionId connection) {
    return Optional.ofNullable(owners.get(connection));
  }

  @Override
  public Uni<Stored> begin(Install install) {
    return Uni.createFrom().item(() -> beginning).invoke(() -> begun.add(install));
  }

  @Override
  public Uni<Void> abandon(ConnectionId connection) {
    return Uni.createFrom().voidItem().invoke(() -> abandoned.add(connection));
  }

  @Override
  public Uni<Claim> claim(ConnectionId connection, TenantId tenant) {
    return Uni.createFrom()
        .item(
            () ->
                owners.computeIfAbsent(connection, first -> tenant).equals(tenant)
                    ? Claim.CLAIMED
                    : Claim.ANOTHERS);
  }

  @Override
  public Uni<Landing> land(ConnectionId connection) {
    return Uni.createFrom()
        .item(() -> new Landing.Known(existing.orElse(connection), Optional.empty()));
  }
}
