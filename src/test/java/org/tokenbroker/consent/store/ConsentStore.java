package org.tokenbroker.consent.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.provider.ReactiveServiceRegistryBuilder;

/** The tables of this chapter in a real PostgreSQL, as the broker's migrations make them. */
final class ConsentStore implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final SessionFactory factory;

  ConsentStore() throws IOException {
    postgres = EmbeddedPostgres.start();
    Flyway.configure()
        .dataSource(postgres.getPostgresDatabase())
        .target(MigrationVersion.fromVersion("2"))
        .load()
        .migrate();
    Configuration configuration =
        new Configuration()
            .addAnnotatedClass(TicketRow.class)
            .addAnnotatedClass(AttemptRow.class)
            .addProperties(settings());
    factory =
        configuration.buildSessionFactory(
            new ReactiveServiceRegistryBuilder()
                .applySettings(configuration.getProperties())
                .build());
  }

  private Properties settings() {
    Properties settings = new Properties();
    settings.put(
        "jakarta.persistence.jdbc.url",
        "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres");
    settings.put("jakarta.persistence.jdbc.user", "postgres");
    settings.put("jakarta.persistence.jdbc.password", "postgres");
    settings.put("hibernate.connection.pool_size", "8");
    return settings;
  }

  PgTickets tickets() {
    return new PgTickets(factory.unwrap(Mutiny.SessionFactory.class));
  }

  PgAttempts attempts() {
    return new PgAttempts(factory.unwrap(Mutiny.SessionFactory.class));
  }

  /** From now on nothing can be stored. */
  void stopPostgres() throws IOException {
    postgres.close();
  }

  @Override
  public void close() throws IOException {
    factory.close();
    postgres.close();
  }
}
