package org.tokenbroker.provider.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.fixture.Waited.value;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.tokenbroker.fixture.MigratedDatabase;
import org.tokenbroker.fixture.Postgres;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.Particulars;
import org.tokenbroker.provider.Registration;
import org.tokenbroker.provider.RegistrationFault;
import org.tokenbroker.provider.RegistrationHealth;
import org.tokenbroker.provider.Registrations.Changed;
import org.tokenbroker.provider.Registrations.Dependents;
import org.tokenbroker.provider.Registrations.Found;
import org.tokenbroker.provider.Registrations.SecretKind;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;

/** Registrations on a real PostgreSQL, through the broker's own migrations. */
@TestInstance(Lifecycle.PER_CLASS)
class PgRegistrationsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Particulars BETA =
      new Particulars(
          Map.of("server", "beta.as.example", "realm", "b"),
          Map.of("audience", "api"),
          Map.of("prompt", "login é"),
          Optional.of("acme-client"));

  private final Postgres.Database postgres = Postgres.shared().freshDatabase();
  private final MigratedDatabase database = MigratedDatabase.of(postgres, RegistrationRow.class);
  private final PgRegistrations registrations = new PgRegistrations(database.sessions());

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void aRegistrationIsReadAsItWasPut() {
    put("whole", BETA);

    assertThat(found("whole").particulars()).isEqualTo(BETA);
    put("whole", Particulars.NONE);
    assertThat(found("whole").particulars()).isEqualTo(Particulars.NONE);
  }

  @Test
  @Requirement("IV-1")
  void variablesStayWhileAConnectionExistsAndNothingElseHasTo() {
    put("stays", BETA);
    connection("stays");
    Particulars production = withServer("as.example");

    assertThat(put("stays", production)).isInstanceOf(Changed.InUse.class);
    assertThat(dependents("stays")).isEqualTo(Dependents.SOME);
    assertThat(found("stays").particulars()).isEqualTo(BETA);
    assertThat(
            put("stays", new Particulars(BETA.variables(), Map.of(), Map.of(), Optional.empty())))
        .isInstanceOf(Changed.Done.class);

    postgres.execute("DELETE FROM connection WHERE registration = 'stays'");

    assertThat(dependents("stays")).isEqualTo(Dependents.NONE);
    assertThat(put("stays", production)).isInstanceOf(Changed.Done.class);
    assertThat(found("stays").particulars()).isEqualTo(production);
  }

  @Test
  @Requirement("IV-1")
  void variablesStayWhileATokenIsStillToBeRevoked() {
    put("revoking", BETA);
    postgres.execute(
        "INSERT INTO revocation (id, registration, next_at, give_up_at) VALUES ('r', 'revoking', now(), now())");

    assertThat(dependents("revoking")).isEqualTo(Dependents.SOME);
    assertThat(put("revoking", withServer("as.example"))).isInstanceOf(Changed.InUse.class);
  }

  @Test
  @Requirement("IV-1")
  void aConnectionThatIsJustBeingMadeCountsToo() throws SQLException {
    put("race", BETA);
    try (Connection other =
            DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.username(), postgres.password());
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(insertConnection("race"));
      CompletableFuture<Changed> moving =
          putting("race", withServer("as.example")).subscribeAsCompletionStage();
      Awaitility.await("the change waits for the connection")
          .atMost(PATIENCE)
          .until(() -> !postgres.column("SELECT pid FROM pg_locks WHERE NOT granted").isEmpty());

      other.commit();

      assertThat(moving.join()).isInstanceOf(Changed.InUse.class);
    }
  }

  @Test
  @Requirement({"IV-10", "G-6"})
  void connectionsOfAMendedRegistrationAreDueWithinSecondsAndNoOthers() {
    for (String id : List.of("mended", "faulty-still")) {
      put(id, BETA);
      connection(id);
      value(
          registrations.faulty(
              new RegistrationId(id),
              RegistrationFault.INVALID_CLIENT,
              NOW,
              Duration.ofMinutes(5)));
    }
    postgres.execute("UPDATE connection SET due_at = now() + interval '5 minutes'");

    value(registrations.accepted(new RegistrationId("mended"), NOW));

    assertThat(
            postgres.column(
                "SELECT id FROM connection WHERE due_at < now() + interval '20 seconds'"))
        .containsExactly("c-mended");
  }

  private static Particulars withServer(String server) {
    return new Particulars(
        Map.of("server", server, "realm", "b"), Map.of(), Map.of(), Optional.empty());
  }

  private void connection(String registration) {
    postgres.execute(insertConnection(registration));
  }

  private static String insertConnection(String registration) {
    return "INSERT INTO connection (id, tenant, registration, provider, grant_type, requested_scopes, state, since, created_at, updated_at)"
        + " VALUES ('c-%1$s', 't', '%1$s', 'acme', 'client_credentials', '', 'active', now(), now(), now())"
            .formatted(registration);
  }

  private Changed put(String id, Particulars particulars) {
    return value(putting(id, particulars));
  }

  private Uni<Changed> putting(String id, Particulars particulars) {
    return registrations.put(
        new Registration(
            new RegistrationId(id),
            "acme",
            "Acme",
            "",
            List.of(),
            ClientAuthenticationMethod.NONE,
            Optional.empty(),
            Scopes.of("read"),
            List.of(URI.create("https://broker.example/callback/" + id)),
            particulars,
            new RegistrationHealth.Healthy(),
            0),
        Set.of(SecretKind.CLIENT_ID),
        NOW);
  }

  private Registration found(String id) {
    assertThat(value(registrations.find(new RegistrationId(id)))).isInstanceOf(Found.Yes.class);
    return ((Found.Yes) value(registrations.find(new RegistrationId(id)))).kept().registration();
  }

  private Dependents dependents(String id) {
    return value(registrations.dependents(new RegistrationId(id)));
  }
}
