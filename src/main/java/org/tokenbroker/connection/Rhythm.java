package org.tokenbroker.connection;

import java.time.Duration;
import java.util.Optional;
import org.tokenbroker.provider.Profile;

/**
 * What a provider asks of the times at which its tokens are renewed.
 *
 * @param margin how long before its end an access token is renewed at the latest; counts for at
 *     most half of its life
 * @param minInterval shortest time between two renewals; goes before everything else here
 * @param idleLifetime after which an unused refresh token dies
 * @param endsFormer whether a renewal ends the access token before it
 */
public record Rhythm(
    Duration margin, Duration minInterval, Optional<Duration> idleLifetime, boolean endsFormer) {
  private static final Rhythm PLAIN =
      new Rhythm(Duration.ZERO, Duration.ZERO, Optional.empty(), false);

  public static Rhythm of(Profile profile) {
    Profile.Refresh refresh = profile.refresh();
    return new Rhythm(
        refresh.margin(),
        refresh.minInterval(),
        refresh.idleLifetime(),
        refresh.revokesAccessToken());
  }

  /** That of a provider that asks for nothing where the catalogue lost the profile. */
  public static Rhythm of(Optional<Profile> profile) {
    return profile.map(Rhythm::of).orElse(PLAIN);
  }
}
