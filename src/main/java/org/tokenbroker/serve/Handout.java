package org.tokenbroker.serve;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.platform.ChangeFeed;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.serve.Answer.NothingFresh;
import org.tokenbroker.serve.Answer.NothingFresh.Cause;
import org.tokenbroker.serve.Answer.Unknown;
import org.tokenbroker.serve.ServePolicy.Decision;
import org.tokenbroker.serve.Serving.Ask;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Servable;

/**
 * What a consumer is handed of what memory holds now, waiting for nothing: whether it is fit is
 * decided by {@link ServePolicy}, how it is shown to the API stands in the profile.
 */
final class Handout {
  private static final Duration CATALOGUE_MENDED = Duration.ofSeconds(60);

  private final RuleBook rules;
  private final Profiles profiles;
  private final ChangeFeed changes;
  private final InstantSource time;

  Handout(RuleBook rules, Profiles profiles, ChangeFeed changes, InstantSource time) {
    this.rules = rules;
    this.profiles = profiles;
    this.changes = changes;
    this.time = time;
  }

  Decision decide(Ask ask, Snapshot held, Instant now) {
    Rhythm rhythm = Rhythm.of(profiles.find(held.connection().provider()));
    return ServePolicy.decide(held.connection(), held.servable(), rhythm, ask.minimum(), now);
  }

  /**
   * What there is to say without waiting; empty where only a newer token would do.
   *
   * @param refused a token of that generation, or an older one, is not served
   */
  Optional<Answer> fitNow(Ask ask, Snapshot held, Generation refused) {
    Instant now = time.instant();
    return switch (decide(ask, held, now)) {
      case Decision.ServeNow(Servable servable) when servable.generation().isNewerThan(refused) ->
          Optional.of(served(held, servable, now));
      case Decision.WaitThenServeOld(Servable servable)
          when servable.generation().isNewerThan(refused) ->
          Optional.of(served(held, servable, now));
      case Decision.ServeNow refusedToken -> Optional.empty();
      case Decision.WaitThenServeOld refusedToken -> Optional.empty();
      case Decision.Wait waiting -> Optional.empty();
      case Decision.ConsentRequired required -> Optional.of(new Answer.ConsentRequired());
      case Decision.KeyRequired required -> Optional.of(new Answer.KeyRequired());
      case Decision.NotYet notYet -> Optional.of(NothingFresh.connecting());
      case Decision.NotServed notServed -> Optional.of(new Unknown(Unknown.Reason.NOT_SERVED));
    };
  }

  /**
   * @param servable that {@link #decide} found fit
   */
  Answer served(Snapshot held, Servable servable, Instant now) {
    Connection connection = held.connection();
    Optional<Profile> profile = profiles.find(connection.provider());
    if (profile.isEmpty()) {
      return new NothingFresh(CATALOGUE_MENDED, Cause.PROFILE_MISSING);
    }
    return new Answer.Token(
        connection,
        servable,
        type(servable, profile.get().resource()),
        Presentation.of(profile.get().resource(), servable.value()),
        ServePolicy.refreshAfter(connection, servable, Rhythm.of(profile.get()), now),
        held.degraded()
            .map(Snapshot.Degraded::source)
            .or(() -> isOutOfTouch() ? Optional.of(Engine.LEDGER) : Optional.empty()));
  }

  private boolean isOutOfTouch() {
    return rules.isDegraded() || !changes.isCurrent();
  }

  private static String type(Servable servable, Profile.Resource resource) {
    return switch (servable) {
      case AccessToken token -> token.type();
      case ApiKey key -> resource.scheme().isEmpty() ? "N_A" : resource.scheme();
    };
  }
}
