package org.tokenbroker;

import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartDecision;

/** Lets tests of other packages ask what the main class would decide. */
public final class StartRules {
  private StartRules() {}

  public static StartDecision decide(Settings settings) {
    return StartDecision.of(settings, StartChecks.ALL);
  }
}
