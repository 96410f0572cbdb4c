package org.tokenbroker.serve;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tokenbroker.platform.startup.Setting;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.Violation;

/** Memory and pace of serving are numbers that work, and the audit key is one. */
public final class ServeStartChecks {
  private static final String PREFIX = "token-broker.serve.";
  private static final Pattern POSITIVE = Pattern.compile("0*[1-9][0-9]{0,7}");

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          StartCheck.severe("serve-hot-connections", positive("hot-connections")),
          StartCheck.severe("serve-requests-per-second", positive("requests-per-second")),
          StartCheck.severe("serve-burst", positive("burst")),
          StartCheck.severe("serve-audit-key", ServeStartChecks::auditKeyIsAKey));

  private ServeStartChecks() {}

  private static StartCheck.Rule positive(String name) {
    return settings ->
        settings
            .find(PREFIX + name)
            .filter(number -> !POSITIVE.matcher(number.value()).matches())
            .map(
                number ->
                    new Violation(
                        PREFIX + name,
                        "is not a number from 1 to 99999999",
                        "set it to such a number, or remove it"))
            .stream()
            .toList();
  }

  private static List<Violation> auditKeyIsAKey(Settings settings) {
    Optional<Setting> key = settings.find(PREFIX + "audit-key");
    return key.isEmpty() || Fingerprints.isKey(key.get().value())
        ? List.of()
        : List.of(
            new Violation(
                PREFIX + "audit-key",
                "is not 32 bytes in base64",
                "make one with: openssl rand -base64 32"));
  }
}
