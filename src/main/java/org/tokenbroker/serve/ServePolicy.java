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
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.Servable;

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
    record ServeNow(Servable servable) implements Decision {}

    /** In its mandatory window: wait shortly for a newer one, then serve this one. */
    record WaitThenServeOld(Servable servable) implements Decision {}

    /** None with enough life: wait shortly for a newer one. */
    record Wait() implements Decision {}

    /** None with enough life, and only the owner can mend it. */
    record ConsentRequired() implements Decision {}

    /** No API key, and only an operator can mend it. */
    record KeyRequired() implements Decision {}

    /** Agreed to, but not active before the provider's facts are known (BE-9). */
    record NotYet() implements Decision {}

    /** Served to nobody, as if it did not exist. */
    record NotServed() implements Decision {}
  }

  /**
   * @param held the newest that is known
   * @param rhythm what its provider asks of renewals
   */
  public static Decision decide(
      Connection connection,
      Optional<Servable> held,
      Rhythm rhythm,
      MinimumLife minimum,
      Instant now) {
    return switch (connection.grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS ->
          ofToken(connection, held.filter(token -> hasLife(token, minimum, now)), rhythm, now);
      case API_KEY -> ofKey(connection.health(), held);
    };
  }

  private static boolean hasLife(Servable held, MinimumLife minimum, Instant now) {
    return switch (held) {
      case AccessToken token -> minimum.isMetBy(token.lifetime(), now);
      case ApiKey key -> true;
    };
  }

  /**
   * @param fit with the life that is asked for
   */
  private static Decision ofToken(
      Connection connection, Optional<Servable> fit, Rhythm rhythm, Instant now) {
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
      case Health.Revoked revoked -> new Decision.ConsentRequired();
      case Health.Disabled disabled -> new Decision.NotServed();
    };
  }

  /** A key has no end, and waiting brings no other one. */
  private static Decision ofKey(Health health, Optional<Servable> held) {
    Decision ofHeld =
        held.<Decision>map(Decision.ServeNow::new).orElseGet(Decision.KeyRequired::new);
    return switch (health) {
      case Health.Active active -> ofHeld;
      case Health.Ailing ailing -> ofHeld;
      case Health.NeedsConsent needs -> ofHeld;
      case Health.PendingConsent pending -> new Decision.KeyRequired();
      case Health.Connecting connecting -> new Decision.NotYet();
      case Health.Unclaimed unclaimed -> new Decision.NotServed();
      case Health.Revoked revoked -> new Decision.KeyRequired();
      case Health.Disabled disabled -> new Decision.NotServed();
    };
  }

  private static Decision ofHealthy(
      Connection connection, Servable held, Rhythm rhythm, Instant now) {
    return switch (held) {
      case AccessToken token when !now.isBefore(windows(connection, token, rhythm).mandatoryAt()) ->
          new Decision.WaitThenServeOld(token);
      case AccessToken token -> new Decision.ServeNow(token);
      case ApiKey key -> new Decision.ServeNow(key);
    };
  }

  /**
   * When a cache should come back for a newer one (G-10). Of a token: shortly after the broker's
   * own planned refresh; once that is past, after a quarter of the remaining life, 1 s to 60 s.
   * After {@code now}, and not after the token's end unless that is less than a second off. Where a
   * refresh ends the token, always soon: any consumer's report may cause one. Of a key: after a
   * minute, so that one that was replaced goes out of use.
   */
  public static Instant refreshAfter(
      Connection connection, Servable held, Rhythm rhythm, Instant now) {
    return switch (held) {
      case AccessToken token -> refreshAfter(connection, token, rhythm, now);
      case ApiKey key -> now.plus(LONGEST_RETURN);
    };
  }

  private static Instant refreshAfter(
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
