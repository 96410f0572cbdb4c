package org.tokenbroker.consent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.tokenbroker.consent.Attempts.Taking;
import org.tokenbroker.consent.ClaimTicket;
import org.tokenbroker.consent.ClaimTickets.ClaimRead;
import org.tokenbroker.consent.Fingerprint;
import org.tokenbroker.consent.InstallCodes.BroughtRead;
import org.tokenbroker.consent.InstallCodes.InstallCode;
import org.tokenbroker.consent.SecureRandomText;
import org.tokenbroker.consent.TicketState;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

class PgInstallTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final RegistrationId SHOP = new RegistrationId("shop");
  private static final MigratedDatabase DATABASE =
      MigratedDatabase.of(
          Postgres.shared().freshDatabase(), InstallRow.class, ClaimTicketRow.class);

  private final SecureRandomText random = new SecureRandomText();
  private final PgInstallCodes codes = new PgInstallCodes(DATABASE.sessions());
  private final PgClaimTickets tickets = new PgClaimTickets(DATABASE.sessions());

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  @Requirement({"BE-4", "B4"})
  void ofManyCallbacksWithOneCodeOnManyReplicasOneMayPresentIt() {
    Fingerprint code = fingerprint();
    List<PgInstallCodes> replicas = List.of(codes, new PgInstallCodes(DATABASE.sessions()));

    List<Taking> takings =
        value(
            Multi.createFrom()
                .range(0, 24)
                .onItem()
                .transformToUni(i -> replicas.get(i % 2).take(begun(code, NOW)))
                .merge(24)
                .collect()
                .asList());

    assertThat(takings)
        .hasSize(24)
        .containsOnlyOnce(Taking.TAKEN)
        .doesNotContain(Taking.UNAVAILABLE);
  }

  @Test
  void aReleasedCodeMayBeTakenAgain() {
    Fingerprint code = fingerprint();
    value(codes.take(begun(code, NOW)));

    value(codes.release(code));

    assertThat(value(codes.take(begun(code, NOW)))).isEqualTo(Taking.TAKEN);
  }

  @Test
  @Requirement("BE-4")
  void whatABrowserBroughtIsFoundByThatBrowserOnlyUntilItIsSettled() {
    Fingerprint browser = fingerprint();
    ConnectionId install = kept(browser, NOW);
    ConnectionId newer = kept(browser, NOW.plusSeconds(5));

    assertThat(value(codes.broughtBy(browser, SHOP, NOW))).isEqualTo(new BroughtRead.Found(newer));
    assertThat(value(codes.broughtBy(fingerprint(), SHOP, NOW)))
        .isEqualTo(new BroughtRead.Nothing());
    assertThat(value(codes.broughtBy(browser, new RegistrationId("other"), NOW)))
        .isEqualTo(new BroughtRead.Nothing());
    assertThat(value(codes.broughtBy(browser, SHOP, NOW.plusSeconds(6))))
        .isEqualTo(new BroughtRead.Nothing());

    value(codes.settled(browser, newer));

    assertThat(value(codes.broughtBy(browser, SHOP, NOW)))
        .isEqualTo(new BroughtRead.Found(install));
  }

  @Test
  void onlyOldCodesAreForgotten() {
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    Fingerprint old = fingerprint();
    Fingerprint young = fingerprint();
    value(codes.take(begun(old, past)));
    value(codes.take(begun(young, NOW)));

    value(codes.forget(past.plusSeconds(1), 100));

    assertThat(value(codes.take(begun(old, NOW)))).isEqualTo(Taking.TAKEN);
    assertThat(value(codes.take(begun(young, NOW)))).isEqualTo(Taking.LOST);
  }

  @Test
  @Requirement("BE-4")
  void aClaimLinkGivesAwayOneInstall() {
    ClaimTicket ticket = issued();

    List<Taking> takings =
        value(
            Multi.createFrom()
                .range(0, 12)
                .onItem()
                .transformToUni(i -> tickets.use(ticket.fingerprint(), NOW))
                .merge(12)
                .collect()
                .asList());

    assertThat(takings).containsOnlyOnce(Taking.TAKEN);
    value(tickets.giveBack(ticket.fingerprint()));
    assertThat(value(tickets.use(ticket.fingerprint(), NOW))).isEqualTo(Taking.TAKEN);
  }

  @Test
  void anExpiredClaimLinkGivesNothingAway() {
    ClaimTicket ticket = issued();

    assertThat(value(tickets.use(ticket.fingerprint(), ticket.expiresAt()))).isEqualTo(Taking.LOST);
  }

  @Test
  @Requirement("BE-4")
  void anArmedLinkIsFoundByItsBrowserOnlyAndOnlySoLong() {
    ClaimTicket ticket = issued();
    Fingerprint browser = fingerprint();
    value(tickets.arm(ticket.fingerprint(), browser, NOW.plusSeconds(60)));

    assertThat(value(tickets.armed(browser, SHOP, NOW))).isEqualTo(new ClaimRead.Found(ticket));
    assertThat(value(tickets.armed(fingerprint(), SHOP, NOW))).isEqualTo(new ClaimRead.Unknown());
    assertThat(value(tickets.armed(browser, SHOP, NOW.plusSeconds(60))))
        .isEqualTo(new ClaimRead.Unknown());
    assertThat(value(tickets.armed(browser, new RegistrationId("other"), NOW)))
        .isEqualTo(new ClaimRead.Unknown());
    value(tickets.use(ticket.fingerprint(), NOW));
    assertThat(value(tickets.armed(browser, SHOP, NOW))).isEqualTo(new ClaimRead.Unknown());
  }

  private InstallCode begun(Fingerprint code, Instant at) {
    return new InstallCode(code, SHOP, new ConnectionId(random.name()), at);
  }

  private ConnectionId kept(Fingerprint browser, Instant at) {
    InstallCode code = begun(fingerprint(), at);
    value(codes.take(code));
    value(codes.kept(code.code(), code.connection(), browser));
    return code.connection();
  }

  private ClaimTicket issued() {
    ClaimTicket ticket =
        new ClaimTicket(
            fingerprint(),
            new TenantId("acme"),
            SHOP,
            TicketState.OPEN,
            NOW.plus(Duration.ofDays(1)));
    value(tickets.issue(ticket));
    return ticket;
  }

  private Fingerprint fingerprint() {
    return Fingerprint.of(random.secret());
  }
}
