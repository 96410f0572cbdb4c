package org.tokenbroker.connection;

import java.util.Arrays;
import java.util.List;
import org.tokenbroker.platform.startup.Setting;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.Violation;
import org.tokenbroker.token.TenantId;

/** The operator's own tenants are names that tenants can have. */
public final class ConnectionStartChecks {
  private static final String OWN_TENANTS = "token-broker.connection.own-tenants";

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(StartCheck.severe("connection-own-tenants", ConnectionStartChecks::ownTenants));

  private ConnectionStartChecks() {}

  private static List<Violation> ownTenants(Settings settings) {
    return settings
        .find(OWN_TENANTS)
        .map(Setting::value)
        .filter(names -> Arrays.stream(names.split(",")).anyMatch(name -> !isTenant(name.strip())))
        .map(
            names ->
                new Violation(
                    OWN_TENANTS,
                    "holds something that is no id of a tenant",
                    "list ids of a-z, 0-9, '.', '_' and '-', separated by commas"))
        .stream()
        .toList();
  }

  private static boolean isTenant(String name) {
    try {
      return !new TenantId(name).value().isEmpty();
    } catch (IllegalArgumentException noName) {
      return false;
    }
  }
}
