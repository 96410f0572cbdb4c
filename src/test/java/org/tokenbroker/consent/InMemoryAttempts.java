package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tokenbroker.consent.GrantKeeper.GrantId;

/** Attempts with the contract of their port, and a switch that takes them down. */
final class InMemoryAttempts implements Attempts {
  private final InMemoryTickets tickets;
  private final Map<GrantId, Row> rows = new LinkedHashMap<>();
  private boolean down;

  InMemoryAttempts(InMemoryTickets tickets) {
    this.tickets = tickets;
  }

  private record Row(Attempt attempt, AttemptState state, boolean hasSecrets) {
    Row in(AttemptState next) {
      return new Row(attempt, next, hasSecrets);
    }

    Row withoutSecrets() {
      return new Row(attempt, state, false);
    }
  }

  void goDown() {
    down = true;
  }

  void comeBack() {
    down = false;
  }

  int count() {
    return rows.size();
  }

  Optional<AttemptState> stateOf(Fingerprint state) {
    return row(state).map(Row::state);
  }

  @Override
  public Uni<Stored> open(Attempt attempt) {
    return change(() -> rows.put(attempt.grant(), new Row(attempt, AttemptState.OPEN, true)));
  }

  @Override
  public Uni<AttemptRead> find(Fingerprint state) {
    return Uni.createFrom()
        .item(
            () ->
                down
                    ? new AttemptRead.Unavailable()
                    : row(state)
                        .<AttemptRead>map(
                            row ->
                                new AttemptRead.Found(
                                    row.attempt(), row.state(), ticketState(row.attempt())))
                        .orElseGet(AttemptRead.Unknown::new));
  }

  @Override
  public Uni<Taking> take(GrantId grant, Instant now) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return Taking.UNAVAILABLE;
              }
              Row row = rows.get(grant);
              boolean free =
                  row != null
                      && row.state() == AttemptState.OPEN
                      && now.isBefore(row.attempt().expiresAt())
                      && ticketState(row.attempt()) == TicketState.OPEN;
              if (free) {
                edit(grant, old -> old.in(AttemptState.TAKEN));
              }
              return free ? Taking.TAKEN : Taking.LOST;
            });
  }

  @Override
  public Uni<Stored> kept(GrantId grant) {
    return change(
        () -> {
          edit(grant, row -> row.in(AttemptState.KEPT));
          Optional.ofNullable(rows.get(grant))
              .ifPresent(row -> tickets.mark(row.attempt().ticket(), TicketState.USED));
        });
  }

  @Override
  public Uni<Stored> secretsGone(GrantId grant) {
    return change(() -> edit(grant, Row::withoutSecrets));
  }

  @Override
  public Uni<Leftovers> leftovers(Instant expiredBefore, int limit) {
    return Uni.createFrom()
        .item(
            () ->
                down
                    ? new Leftovers.Unavailable()
                    : new Leftovers.Listed(
                        rows.values().stream()
                            .filter(Row::hasSecrets)
                            .map(Row::attempt)
                            .filter(attempt -> attempt.expiresAt().isBefore(expiredBefore))
                            .map(Attempt::grant)
                            .limit(limit)
                            .toList()));
  }

  @Override
  public Uni<Stored> forget(Instant expiredBefore, int limit) {
    return change(
        () ->
            rows.values()
                .removeIf(
                    row -> !row.hasSecrets() && row.attempt().expiresAt().isBefore(expiredBefore)));
  }

  private TicketState ticketState(Attempt attempt) {
    Ticket ticket = tickets.tickets().get(attempt.ticket());
    return ticket == null ? TicketState.WITHDRAWN : ticket.state();
  }

  private Optional<Row> row(Fingerprint state) {
    return rows.values().stream().filter(row -> row.attempt().state().equals(state)).findFirst();
  }

  private void edit(GrantId grant, UnaryOperator<Row> edit) {
    rows.computeIfPresent(grant, (id, row) -> edit.apply(row));
  }

  private Uni<Stored> change(Runnable change) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return Stored.UNAVAILABLE;
              }
              change.run();
              return Stored.DONE;
            });
  }
}
