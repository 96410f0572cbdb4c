package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Secret;

/** Claim links with the contract of their port. */
final class InMemoryClaimTickets implements ClaimTickets {
  private final Map<Fingerprint, Row> rows = new LinkedHashMap<>();

  private record Row(ClaimTicket ticket, Fingerprint browser, Instant armedUntil) {
    Row in(TicketState state) {
      return new Row(
          new ClaimTicket(
              ticket.fingerprint(),
              ticket.tenant(),
              ticket.registration(),
              state,
              ticket.expiresAt()),
          browser,
          armedUntil);
    }
  }

  TicketState stateOf(String ticket) {
    return row(ticket).ticket().state();
  }

  private Row row(String ticket) {
    Row row = rows.get(Fingerprint.of(Secret.of(ticket)));
    if (row == null) {
      throw new AssertionError("no such claim link");
    }
    return row;
  }

  @Override
  public Uni<Stored> issue(ClaimTicket ticket) {
    return done(
        () -> rows.put(ticket.fingerprint(), new Row(ticket, new Fingerprint(""), Instant.MIN)));
  }

  @Override
  public Uni<ClaimRead> find(Fingerprint ticket) {
    Row row = rows.get(ticket);
    return Uni.createFrom()
        .item(row == null ? new ClaimRead.Unknown() : new ClaimRead.Found(row.ticket()));
  }

  @Override
  public Uni<Stored> arm(Fingerprint ticket, Fingerprint browser, Instant until) {
    return done(
        () -> rows.computeIfPresent(ticket, (key, row) -> new Row(row.ticket(), browser, until)));
  }

  @Override
  public Uni<ClaimRead> armed(Fingerprint browser, RegistrationId registration, Instant now) {
    return Uni.createFrom()
        .item(
            rows.values().stream()
                .filter(row -> row.browser().equals(browser))
                .filter(row -> row.ticket().registration().equals(registration))
                .filter(row -> row.ticket().state() == TicketState.OPEN)
                .filter(row -> row.armedUntil().isAfter(now))
                .max(Comparator.comparing(Row::armedUntil))
                .<ClaimRead>map(row -> new ClaimRead.Found(row.ticket()))
                .orElseGet(ClaimRead.Unknown::new));
  }

  @Override
  public Uni<Taking> use(Fingerprint ticket, Instant now) {
    return Uni.createFrom()
        .item(
            () -> {
              Row row = rows.get(ticket);
              if (row == null
                  || row.ticket().state() != TicketState.OPEN
                  || !now.isBefore(row.ticket().expiresAt())) {
                return Taking.LOST;
              }
              rows.put(ticket, row.in(TicketState.USED));
              return Taking.TAKEN;
            });
  }

  @Override
  public Uni<Stored> giveBack(Fingerprint ticket) {
    return done(() -> rows.computeIfPresent(ticket, (key, row) -> row.in(TicketState.OPEN)));
  }

  @Override
  public Uni<Stored> forget(Instant expiredBefore, int limit) {
    return done(
        () -> rows.values().removeIf(row -> row.ticket().expiresAt().isBefore(expiredBefore)));
  }

  private static Uni<Stored> done(Runnable change) {
    return Uni.createFrom()
        .item(
            () -> {
              change.run();
              return Stored.DONE;
            });
  }
}
