package org.tokenbroker;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import org.eclipse.microprofile.config.ConfigProvider;
import org.tokenbroker.platform.startup.ConfiguredSettings;
import org.tokenbroker.platform.startup.RefusalText;
import org.tokenbroker.platform.startup.StartDecision;
import org.tokenbroker.platform.startup.StartDecision.Refuse;
import org.tokenbroker.platform.startup.StartDecision.Start;

/**
 * Starts a replica, unless its settings are unsafe or incomplete. Looks at them before anything
 * else starts, since a framework that meets a missing setting reports that one only, and after some
 * doors are open.
 */
@QuarkusMain
public final class Main {
  /** Exit code of a replica that refuses to start; nothing was opened, connected or written. */
  static final int REFUSED = 1;

  private Main() {}

  /** Takes no arguments of its own; Quarkus gets them all. */
  public static void main(String... args) {
    if (LaunchMode.current() != LaunchMode.NORMAL) {
      Quarkus.run(args);
      return;
    }
    switch (StartDecision.of(new ConfiguredSettings(ConfigProvider.getConfig()), StartChecks.ALL)) {
      case Start start -> {
        if (!start.waived().isEmpty()) {
          System.err.println(
              "token-broker starts although these checks fail, as told: "
                  + String.join(", ", start.waived()));
        }
        Quarkus.run(args);
      }
      case Refuse refuse -> {
        System.err.print(RefusalText.of(refuse.violations()));
        System.exit(REFUSED);
      }
    }
  }
}
