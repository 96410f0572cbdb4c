package org.tokenbroker.platform.startup;

import static org.tokenbroker.platform.startup.StartCheck.severe;
import static org.tokenbroker.platform.startup.StartCheck.waivable;

import java.util.List;

/** PostgreSQL is named. Whether it answers is no matter of starting: see the dependency view. */
public final class DatabaseChecks {
  private static final String URL = "quarkus.datasource.reactive.url";
  private static final String USER = "quarkus.datasource.username";
  private static final String PASSWORD = "quarkus.datasource.password";

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          severe("postgresql-address", DatabaseChecks::addressIsPostgresql),
          severe(
              "postgresql-user",
              Rules.required(USER, "set it to the role that owns the broker's schema")),
          waivable(
              "postgresql-password-in-plain-sight", Rules.secretsOutOfSight(List.of(PASSWORD))));

  private DatabaseChecks() {}

  private static List<Violation> addressIsPostgresql(Settings settings) {
    String fix = "set it to postgresql://host:5432/database?sslmode=verify-full";
    return settings
        .find(URL)
        .map(Setting::value)
        .map(
            url ->
                url.startsWith("postgresql://")
                    ? List.<Violation>of()
                    : List.of(new Violation(URL, "is not a postgresql:// URL", fix)))
        .orElseGet(() -> List.of(Rules.missing(URL, fix)));
  }
}
