package org.tokenbroker.serve;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Connection.Held;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.connection.Windows;
import org.tokenbroker.token.AccessToken;

/**
 * Whether a token may be served now (G-3, reliability §2.2 rule 1). Pure, and apart from the policy
 * that says when to refresh: early renewal never weakens this rule.
 */
public final class ServePolicy {
  private static final Duration LONGEST_SLACK = Duration.ofSeconds(30);
  private static final Duration SHORTEST_RETURN = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETURN = Duration.ofSeconds(60);
  private static final Duration SOON_RETURN = Duration.ofSeconds(10);

  private ServePolicy() {}

  /** What a reader gets. */
  public sealed interface Decision {
    record ServeNow(AccessToken token) implements Decision {}

    /** In its mandatory window: wait shortly for a newer one, then serve this one. */
    record WaitThenServeOld(AccessToken token) implements Decision {}

    /** None with enough life: wait shortly for a newer one. */
    record Wait() implements Decision {}

    /** None with enough life, and only the owner can mend it. */
    record ConsentRequired() implements Decision {}

    /** Agreed to, but not active before the provider's facts are known (BE-9). */
    record NotYet() implements Decision {}

    /** Served to nobody, as if it did not exist. */
    record NotServed() implements Decision {}
  }

  /**
   * @param token the newest that is known
   * @param rhythm what its provider asks of renewals
   */
  public static Decision decide(
      Connection connection,
      Optional<AccessToken> token,
      Rhythm rhythm,
      MinimumLife minimum,
      Instant now) {
    Optional<AccessToken> fit = token.filter(held -> minimum.isMetBy(held.lifetime(), now));
    return switch (connection.health()) {
      case Health.Active active ->
          fit.map(held -> ofHealthy(connection, held, rhythm, now)).orElseGet(Decision.Wait::new);
      case Health.Ailing ailing ->
          fit.<Decision>map(Decision.ServeNow::new).orElseGet(Decision.Wait::new);
      case Health.NeedsConsent needs ->
          fit.<Decision>map(Decision.ServeNow::new).orElseGet(Decision.ConsentRequired::new);
      case Health.PendingConsent pending -> new Decision.ConsentRequired();
      case Health.Connecting connecting -> new Decision.NotYet();
      case Health.Unclaimed unclaimed -> new Decision.NotServed();
      case Health.Revoked revoked -> new Decision.NotServed();
      case Health.Disabled disabled -> new Decision.NotServed();
    };
  }

  private static Decision ofHealthy(
      Connection connection, AccessToken token, Rhythm rhythm, Instant now) {
    return now.isBefore(windows(connection, token, rhythm).mandatoryAt())
        ? new Decision.ServeNow(token)
        : new Decision.WaitThenServeOld(token);
  }

  /**
   * When a cache should come back for a newer token (G-10): shortly after the broker's own planned
   * refresh; once that is past, after a quarter of the remaining life, 1 s to 60 s. After {@code
   * now}, and not after the token's end unless that is less than a second off. Where a refresh ends
   * the token, always soon: any consumer's report may cause one.
   */
  public static Instant refreshAfter(
      Connection connection, AccessToken token, Rhythm rhythm, Instant now) {
    Instant regular = regularReturn(connection, token, rhythm, now);
    Instant soon = now.plus(SOON_RETURN);
    return rhythm.endsFormer() && soon.isBefore(regular) ? soon : regular;
  }

  private static Instant regularReturn(
      Connection connection, AccessToken token, Rhythm rhythm, Instant now) {
    Duration slack = shorter(token.lifetime().total().dividedBy(20), LONGEST_SLACK);
    Instant planned = windows(connection, token, rhythm).prefetchAt().plus(slack);
    if (now.isBefore(planned) && planned.isBefore(token.lifetime().expiresAt())) {
      return planned;
    }
    Duration quarter = shorter(token.lifetime().remaining(now).dividedBy(4), LONGEST_RETURN);
    return now.plus(quarter.compareTo(SHORTEST_RETURN) < 0 ? SHORTEST_RETURN : quarter);
  }

  private static Windows windows(Connection connection, AccessToken token, Rhythm rhythm) {
    return Windows.of(
        connection.id(), new Held(token.generation(), token.lifetime(), token.scopes()), rhythm);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
