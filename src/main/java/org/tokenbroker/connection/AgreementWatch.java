package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Agreements.Ending;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;

/**
 * Warns before an owner has to agree again (G-9, MO-13), as long before as the provider's profile
 * says. Ends nothing itself.
 */
@ApplicationScoped
public class AgreementWatch {
  private static final Logger LOG = Logger.getLogger(AgreementWatch.class);
  private static final int BATCH = 200;

  private final Agreements agreements;
  private final Profiles profiles;
  private final InstantSource time;

  AgreementWatch(Agreements agreements, Profiles profiles, InstantSource time) {
    this.agreements = agreements;
    this.profiles = profiles;
    this.time = time;
  }

  /** Those whose end is near and was not told before: the first ones, if there are many. */
  public Uni<List<Ending>> warn() {
    return agreements
        .warn(
            profiles.all().stream()
                .collect(Collectors.toMap(Profile::id, profile -> profile.grant().warnBefore())),
            BATCH,
            time.instant())
        .invoke(near -> near.forEach(AgreementWatch::log));
  }

  private static void log(Ending ending) {
    LOG.warnf(
        "The owner of connection %s has to agree again before %s",
        ending.connection(), ending.endsAt());
  }
}
