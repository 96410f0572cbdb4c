package org.tokenbroker.event.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;

/** Which changes of connections and registrations are events, and which are none. */
class EventTriggersTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Postgres.Database DATABASE = Postgres.shared().freshDatabase();

  private final String id = "c" + NUMBER.incrementAndGet();

  @BeforeAll
  static void migrate() {
    MigratedDatabase.of(DATABASE).close();
    registration("app");
  }

  @Test
  void aConnectionThatWaitsForItsFirstConsentIsNoEvent() {
    created("pending_consent");

    assertThat(events(id)).isEmpty();
  }

  @Test
  void aConnectionThatIsActiveFromTheStartIsOne() {
    created("active");

    assertThat(events(id)).containsExactly("connection.active tenant app acme active - -");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "active, ailing, PROVIDER_UNREACHABLE, provider_unreachable",
        "active, needs_consent, REFUSED_BY_PROVIDER, refused_by_provider",
        "ailing, active, -, -",
        "ailing, needs_consent, OUTCOME_UNKNOWN, outcome_unknown",
        "needs_consent, active, -, -",
        "pending_consent, active, -, -",
        "active, pending_consent, ACCOUNT_ELSEWHERE, account_elsewhere",
        "ailing, pending_consent, ACCOUNT_ELSEWHERE, account_elsewhere",
        "active, revoked, -, -",
        "needs_consent, revoked, -, -"
      })
  void eachChangeOfStateIsOneEvent(
      String before, String after, @Nullable String cause, @Nullable String told) {
    created(before);
    int earlier = events(id).size();

    becomes(after, cause);

    assertThat(events(id))
        .hasSize(earlier + 1)
        .last()
        .isEqualTo(
            "connection.%s tenant app acme %s %s %s"
                .formatted(after, after, before, told == null ? "-" : told));
  }

  @Test
  void aRefreshThatChangesNoStateIsNone() {
    created("active");

    update(
        "generation = 7, issued_at = now(), expires_at = now(), granted_scopes = '', due_at = now()");
    update("epoch = epoch + 1, lease_until = now()");
    becomes("ailing", "THROTTLED");
    update("failures = 2, cause = 'OUTCOME_UNKNOWN'");

    assertThat(kinds(id)).containsExactly("connection.active", "connection.ailing");
  }

  @Test
  void anIdThatIsCreatedAgainBeginsAnew() {
    created("active");
    update("deleted_at = now()");
    update("erased_at = now(), registration = NULL, provider = NULL, tenant = ''");
    update(
        "deleted_at = NULL, erased_at = NULL, registration = 'app', provider = 'acme', tenant = 'other', state = 'active'");

    assertThat(events(id))
        .containsExactly(
            "connection.active tenant app acme active - -",
            "connection.deleted tenant app acme deleted active -",
            "connection.active other app acme active - -");
  }

  @Test
  void whatADisabledConnectionBecomesIsToldWhenItIsEnabled() {
    created("ailing");
    update("disabled_at = now()");
    update("disabled_at = now() + interval '1 second'");
    becomes("active", null);
    update("disabled_at = NULL");

    assertThat(events(id))
        .containsExactly(
            "connection.ailing tenant app acme ailing - -",
            "connection.disabled tenant app acme disabled ailing -",
            "connection.active tenant app acme active disabled -");
  }

  @Test
  void aConnectionHasNoTenantUntilItIsClaimed() {
    DATABASE.execute(connection("pending_consent").replace("'tenant'", "NULL"));
    becomes("unclaimed", null);
    update("state = 'active', tenant = 'tenant'");

    assertThat(events(id))
        .containsExactly(
            "connection.unclaimed - app acme unclaimed pending_consent -",
            "connection.active tenant app acme active unclaimed -");
  }

  @Test
  void whatWaitsForItsProvidersFactsOnItsWayBackIsNone() {
    created("needs_consent");
    becomes("pending_consent", "NOT_ASKED");
    becomes("active", null);

    assertThat(events(id))
        .containsExactly(
            "connection.needs_consent tenant app acme needs_consent - -",
            "connection.active tenant app acme active pending_consent -");
  }

  @Test
  void anInstallThatCameToNothingIsNone() {
    DATABASE.execute(connection("pending_consent").replace("'tenant'", "NULL"));
    update("deleted_at = now()");

    assertThat(events(id)).isEmpty();
  }

  @Test
  void whatIsRolledBackDidNotHappen() {
    created("active");

    DATABASE.execute(
        "BEGIN; UPDATE connection SET state = 'revoked' WHERE id = '%s'; ROLLBACK".formatted(id));

    assertThat(kinds(id)).containsExactly("connection.active");
  }

  @Test
  @Requirement({"IV-9", "IV-10", "C7"})
  void aRegistrationIsFaultyOnceHoweverOftenItIsRefusedAndCarriesWhomToTell() {
    registration("refused");

    refused("refused", "INVALID_CLIENT");
    refused("refused", "INVALID_CLIENT");
    refused("refused", "UNAUTHORIZED_CLIENT");
    assertThat(alerts("refused"))
        .containsExactly("registration.faulty acme invalid_client Refused|Tests|{ops@example.org}");

    DATABASE.execute(
        "UPDATE registration SET fault = NULL, fault_since = NULL, probe_at = NULL WHERE id = 'refused'");
    assertThat(alerts("refused"))
        .hasSize(2)
        .last()
        .isEqualTo("registration.healthy acme accepted Refused|Tests|{ops@example.org}");
  }

  @Test
  void aFaultThatAnOperatorMendedIsToldApartFromOneThatEndedByItself() {
    registration("mended");
    refused("mended", "INVALID_CLIENT");

    DATABASE.execute(
        "UPDATE registration SET fault = NULL, fault_since = NULL, probe_at = NULL, version = version + 1 WHERE id = 'mended'");
    DATABASE.execute(
        "UPDATE registration SET version = version + 1, name = 'Other' WHERE id = 'mended'");

    assertThat(alerts("mended"))
        .hasSize(2)
        .last()
        .isEqualTo("registration.healthy acme changed Mended|Tests|{ops@example.org}");
  }

  private void created(String state) {
    DATABASE.execute(connection(state));
  }

  private String connection(String state) {
    return """
        INSERT INTO connection (id, tenant, registration, provider, grant_type, requested_scopes, state, since, created_at, updated_at)
        VALUES ('%s', 'tenant', 'app', 'acme', 'authorization_code', '', '%s', now(), now(), now())"""
        .formatted(id, state);
  }

  private void becomes(String state, @Nullable String cause) {
    update(
        "state = '%s', cause = %s, since = now(), updated_at = now()"
            .formatted(state, cause == null ? "NULL" : "'" + cause + "'"));
  }

  private void update(String assignments) {
    DATABASE.execute("UPDATE connection SET " + assignments + " WHERE id = '" + id + "'");
  }

  private static void registration(String id) {
    DATABASE.execute(
        """
        INSERT INTO registration (id, profile, name, purpose, contacts, client_authentication, scopes, redirect_uris, secrets_held,
                                  version, created_at, updated_at)
        VALUES ('%1$s', 'acme', initcap('%1$s'), 'Tests', '{ops@example.org}', 'NONE', '', '{}', '{}', 1, now(), now())"""
            .formatted(id));
  }

  private static void refused(String id, String fault) {
    DATABASE.execute(
        "UPDATE registration SET fault = '%s', fault_since = COALESCE(fault_since, now()), probe_at = now() WHERE id = '%s'"
            .formatted(fault, id));
  }

  private static List<String> kinds(String connection) {
    return DATABASE.column(
        "SELECT kind FROM event WHERE connection = '" + connection + "' ORDER BY written");
  }

  private static List<String> events(String connection) {
    return DATABASE.column(
        """
        SELECT concat_ws(' ', kind, COALESCE(tenant, '-'), registration, provider, state, COALESCE(previous_state, '-'), COALESCE(cause, '-'))
        FROM event WHERE connection = '%s' ORDER BY written"""
            .formatted(connection));
  }

  private static List<String> alerts(String registration) {
    return DATABASE.column(
        """
        SELECT concat_ws(' ', kind, provider, cause, name || '|' || purpose || '|' || contacts::text)
        FROM event WHERE registration = '%s' AND connection IS NULL ORDER BY written"""
            .formatted(registration));
  }
}
