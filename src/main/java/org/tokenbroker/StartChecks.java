package org.tokenbroker;

import java.util.List;
import java.util.stream.Stream;
import org.tokenbroker.connection.ConnectionStartChecks;
import org.tokenbroker.consent.ConsentStartChecks;
import org.tokenbroker.event.EventStartChecks;
import org.tokenbroker.platform.startup.CallerChecks;
import org.tokenbroker.platform.startup.DatabaseChecks;
import org.tokenbroker.platform.startup.DoorChecks;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.provider.ProviderStartChecks;
import org.tokenbroker.refresh.RefreshStartChecks;
import org.tokenbroker.safe.SafeStartChecks;
import org.tokenbroker.serve.ServeStartChecks;

/** Everything that must hold before a production replica starts. */
final class StartChecks {
  /** In the order in which they are reported. */
  static final List<StartCheck> ALL =
      Stream.of(
              DoorChecks.ALL,
              CallerChecks.ALL,
              DatabaseChecks.ALL,
              SafeStartChecks.ALL,
              EventStartChecks.ALL,
              ProviderStartChecks.ALL,
              ConsentStartChecks.ALL,
              ConnectionStartChecks.ALL,
              RefreshStartChecks.ALL,
              ServeStartChecks.ALL)
          .flatMap(List::stream)
          .toList();

  private StartChecks() {}
}
