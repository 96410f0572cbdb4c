package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.KeyRefusals;
import org.tokenbroker.connection.Rhythm;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.platform.ChangeFeed;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.refresh.Freshener;
import org.tokenbroker.refresh.Freshener.Freshened;
import org.tokenbroker.refresh.Freshener.Reason;
import org.tokenbroker.serve.Answer.NothingFresh;
import org.tokenbroker.serve.Answer.NothingFresh.Cause;
import org.tokenbroker.serve.Answer.Unknown;
import org.tokenbroker.serve.HotTokens.Loaded;
import org.tokenbroker.serve.ServePolicy.Decision;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ApiKey;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Servable;

/**
 * Answers consumers. Whether one may have a token is decided by the access rules, whether the token
 * is fit to be served by {@link ServePolicy}. After each wait both are decided anew, on what memory
 * holds then.
 */
public final class Serving {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
  private static final Duration FACTS_KNOWN = Duration.ofSeconds(10);
  private static final Duration CATALOGUE_MENDED = Duration.ofSeconds(60);

  private final HotTokens tokens;
  private final RuleBook rules;
  private final Directory directory;
  private final Freshener freshener;
  private final KeyRefusals refusals;
  private final Profiles profiles;
  private final ChangeFeed changes;
  private final Patience patience;
  private final Apart apart;
  private final InstantSource time;

  Serving(
      HotTokens tokens,
      RuleBook rules,
      Directory directory,
      Freshener freshener,
      KeyRefusals refusals,
      Profiles profiles,
      ChangeFeed changes,
      Patience patience,
      Apart apart,
      InstantSource time) {
    this.tokens = tokens;
    this.rules = rules;
    this.directory = directory;
    this.freshener = freshener;
    this.refusals = refusals;
    this.profiles = profiles;
    this.changes = changes;
    this.patience = patience;
    this.apart = apart;
    this.time = time;
  }

  /**
   * What a consumer asks for.
   *
   * @param scopes what it needs of the token; may be empty
   */
  public record Ask(Consumer consumer, MinimumLife minimum, Scopes scopes) {}

  /** A token with the life that is asked for, or why there is none. */
  public Uni<Answer> token(Ask ask, Target target) {
    return switch (target) {
      case Target.ById(ConnectionId id) -> tokens.get(id).chain(loaded -> serve(ask, loaded));
      case Target.Lookup lookup -> lookUp(ask, lookup, true);
    };
  }

  /** A token newer than the one that an API refused (BE-16, G-12), or why there is none. */
  public Uni<Answer> newerThan(Ask ask, ConnectionId id, Rejection rejection) {
    return tokens
        .get(id)
        .chain(loaded -> ifAllowed(ask, loaded, held -> afterRejection(ask, held, rejection)));
  }

  private Uni<Answer> lookUp(Ask ask, Target.Lookup lookup, boolean again) {
    return directory
        .resolve(lookup)
        .chain(
            resolved ->
                switch (resolved) {
                  case Directory.Resolved.Meant(List<ConnectionId> ids) ->
                      Uni.join()
                          .all(ids.stream().map(tokens::get).toList())
                          .andFailFast()
                          .chain(loaded -> ofLookup(ask, lookup, loaded, again));
                  case Directory.Resolved.Nobody nobody ->
                      answer(new Unknown(Unknown.Reason.NO_CONNECTION));
                  case Directory.Resolved.Unavailable unavailable ->
                      answer(new NothingFresh(ASK_AGAIN, Cause.LEDGER_UNAVAILABLE));
                });
  }

  private Uni<Answer> ofLookup(Ask ask, Target.Lookup lookup, List<Loaded> loaded, boolean again) {
    if (loaded.stream().allMatch(each -> isMeant(lookup, each))) {
      return loaded.size() == 1 ? serve(ask, loaded.getFirst()) : serveNarrowest(ask, loaded);
    }
    directory.forget(lookup);
    return again ? lookUp(ask, lookup, false) : answer(new Unknown(Unknown.Reason.NO_CONNECTION));
  }

  /** While one of them cannot be looked at, it is not known which is the narrowest. */
  private Uni<Answer> serveNarrowest(Ask ask, List<Loaded> loaded) {
    Optional<Loaded> silent =
        loaded.stream().filter(each -> each instanceof Loaded.Unavailable).findFirst();
    return silent
        .map(each -> serve(ask, each))
        .orElseGet(
            () ->
                Narrowest.of(snapshots(loaded), ask.scopes())
                    .map(chosen -> serve(ask, new Loaded.Found(chosen)))
                    .orElseGet(() -> answer(new Unknown(Unknown.Reason.AMBIGUOUS))));
  }

  private static List<Snapshot> snapshots(List<Loaded> loaded) {
    List<Snapshot> snapshots = new ArrayList<>();
    for (Loaded each : loaded) {
      if (each instanceof Loaded.Found(Snapshot held)) {
        snapshots.add(held);
      }
    }
    return snapshots;
  }

  private static boolean isMeant(Target.Lookup lookup, Loaded loaded) {
    return switch (loaded) {
      case Loaded.Found(Snapshot held) -> Directory.isMeant(lookup, held.connection());
      case Loaded.Missing missing -> false;
      case Loaded.Unavailable unavailable -> true;
    };
  }

  private Uni<Answer> serve(Ask ask, Loaded loaded) {
    return ifAllowed(ask, loaded, held -> serveOrWait(ask, held));
  }

  private Uni<Answer> ifAllowed(Ask ask, Loaded loaded, Function<Snapshot, Uni<Answer>> then) {
    return switch (loaded) {
      case Loaded.Found(Snapshot held) ->
          rules
              .get()
              .chain(
                  known ->
                      refusal(ask, held, known)
                          .map(Serving::answer)
                          .orElseGet(() -> then.apply(held)));
      case Loaded.Missing missing -> answer(new Unknown(Unknown.Reason.NO_CONNECTION));
      case Loaded.Unavailable(Engine engine) ->
          answer(new NothingFresh(ASK_AGAIN, causeOf(engine)));
    };
  }

  private static Optional<Answer> refusal(Ask ask, Snapshot held, Optional<AccessRules> known) {
    if (known.isEmpty()) {
      return Optional.of(new NothingFresh(ASK_AGAIN, Cause.LEDGER_UNAVAILABLE));
    }
    return switch (known
        .get()
        .decide(ask.consumer(), held.connection(), held.scopes(), ask.scopes())) {
      case NO_RULE -> Optional.of(new Unknown(Unknown.Reason.NO_RULE));
      case KEY_NOT_EXPORTED -> Optional.of(new Unknown(Unknown.Reason.KEY_NOT_EXPORTED));
      case SCOPES_BEYOND_RULES -> Optional.of(new Unknown(Unknown.Reason.SCOPES_BEYOND_RULES));
      case ALLOWED ->
          held.scopes().covers(ask.scopes())
              ? Optional.empty()
              : Optional.of(new Answer.ScopeNotGranted());
    };
  }

  private Uni<Answer> serveOrWait(Ask ask, Snapshot held) {
    Instant now = time.instant();
    Duration rest = patience.restLeft(held.connection().id(), now);
    return switch (decide(ask, held, now)) {
      case Decision.ServeNow(Servable servable) -> answer(served(held, servable, now));
      case Decision.WaitThenServeOld(Servable servable) when rest.isPositive() ->
          answer(served(held, servable, now));
      case Decision.WaitThenServeOld waiting ->
          freshen(ask, held, Reason.TOO_LITTLE_LIFE, Generation.NONE);
      case Decision.Wait waiting when rest.isPositive() ->
          answer(new NothingFresh(rest, Cause.REFRESH));
      case Decision.Wait waiting -> freshen(ask, held, Reason.TOO_LITTLE_LIFE, Generation.NONE);
      case Decision.ConsentRequired required -> answer(new Answer.ConsentRequired());
      case Decision.KeyRequired required -> answer(new Answer.KeyRequired());
      case Decision.NotYet notYet -> answer(notYet());
      case Decision.NotServed notServed -> answer(new Unknown(Unknown.Reason.NOT_SERVED));
    };
  }

  private Uni<Answer> afterRejection(Ask ask, Snapshot held, Rejection rejection) {
    if (!rejection.blamesToken()) {
      return answer(new Answer.ScopeProblem());
    }
    if (!rejection.generation().isNewerThan(held.generation())) {
      return newerOrFreshened(ask, held, rejection.generation());
    }
    return tokens
        .getNewer(held.connection().id(), rejection.generation())
        .chain(
            loaded ->
                ifAllowed(
                    ask,
                    loaded,
                    now ->
                        rejection.generation().isNewerThan(now.generation())
                            ? unknownGeneration(now)
                            : newerOrFreshened(ask, now, rejection.generation())));
  }

  /** What is served to nobody answers as if it did not exist, whatever generation is named. */
  private static Uni<Answer> unknownGeneration(Snapshot held) {
    return switch (held.connection().health()) {
      case Health.Active active -> answer(new Answer.GenerationUnknown());
      case Health.Ailing ailing -> answer(new Answer.GenerationUnknown());
      case Health.NeedsConsent needs -> answer(new Answer.GenerationUnknown());
      case Health.PendingConsent pending -> answer(required(held.connection()));
      case Health.Connecting connecting -> answer(notYet());
      case Health.Unclaimed unclaimed -> answer(new Unknown(Unknown.Reason.NOT_SERVED));
      case Health.Revoked revoked -> answer(required(held.connection()));
      case Health.Disabled disabled -> answer(new Unknown(Unknown.Reason.NOT_SERVED));
    };
  }

  /** What is missing before there is anything to serve. */
  private static Answer required(Connection connection) {
    return switch (connection.grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS -> new Answer.ConsentRequired();
      case API_KEY -> new Answer.KeyRequired();
    };
  }

  private boolean isOutOfTouch() {
    return rules.isDegraded() || !changes.isCurrent();
  }

  private Uni<Answer> newerOrFreshened(Ask ask, Snapshot held, Generation refused) {
    if (held.generation().isNewerThan(refused)) {
      return serveOrWait(ask, held);
    }
    return switch (held.connection().grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS -> freshened(ask, held, refused);
      case API_KEY -> replaced(ask, held, refused);
    };
  }

  private Uni<Answer> freshened(Ask ask, Snapshot held, Generation refused) {
    return switch (held.connection().health()) {
      case Health.Active active -> freshen(ask, held, Reason.REPORTED, refused);
      case Health.Ailing ailing -> freshen(ask, held, Reason.REPORTED, refused);
      case Health.NeedsConsent needs -> answer(new Answer.ConsentRequired());
      case Health.PendingConsent pending -> answer(new Answer.ConsentRequired());
      case Health.Connecting connecting -> answer(notYet());
      case Health.Unclaimed unclaimed -> answer(new Unknown(Unknown.Reason.NOT_SERVED));
      case Health.Revoked revoked -> answer(new Answer.ConsentRequired());
      case Health.Disabled disabled -> answer(new Unknown(Unknown.Reason.NOT_SERVED));
    };
  }

  /** Nothing renews a key; but it may have been replaced unbeknownst to this replica's memory. */
  private Uni<Answer> replaced(Ask ask, Snapshot held, Generation refused) {
    ConnectionId id = held.connection().id();
    return held.connection().health() instanceof Health.Active
        ? tokens.getNewer(id, Generation.NONE).chain(loaded -> newerKey(ask, loaded, refused))
        : answer(fitNow(ask, held, refused).orElseGet(Answer.KeyRequired::new));
  }

  private Uni<Answer> newerKey(Ask ask, Loaded loaded, Generation refused) {
    return serveOrElse(ask, loaded, refused, new Answer.KeyRequired())
        .call(
            answer ->
                answer instanceof Answer.KeyRequired && loaded instanceof Loaded.Found(Snapshot now)
                    ? refusals.refused(now.connection().id(), refused)
                    : Uni.createFrom().voidItem());
  }

  /**
   * Waits shortly for a newer token.
   *
   * @param refused a token of that generation, or an older one, is not served afterwards
   */
  private Uni<Answer> freshen(Ask ask, Snapshot held, Reason reason, Generation refused) {
    ConnectionId id = held.connection().id();
    return apart
        .run(
            () ->
                freshener
                    .freshen(id, held.generation(), reason)
                    .ifNoItem()
                    .after(patience.longestWait())
                    .recoverWithItem(new Freshened.NotNow(ASK_AGAIN)))
        .chain(freshened -> afterWait(ask, id, freshened, reason, refused));
  }

  private Uni<Answer> afterWait(
      Ask ask, ConnectionId id, Freshened freshened, Reason reason, Generation refused) {
    return switch (freshened) {
      case Freshened.Newer(Generation newer) ->
          tokens
              .getNewer(id, newer)
              .chain(
                  loaded ->
                      serveOrElse(
                          ask, loaded, refused, new NothingFresh(ASK_AGAIN, Cause.REFRESH)));
      case Freshened.NotNow(Duration retryAfter) -> {
        if (reason == Reason.TOO_LITTLE_LIFE) {
          patience.rest(id, time.instant(), retryAfter);
        }
        yield tokens
            .get(id)
            .chain(
                loaded ->
                    serveOrElse(
                        ask,
                        loaded,
                        refused,
                        new NothingFresh(atLeast(ASK_AGAIN, retryAfter), Cause.REFRESH)));
      }
      case Freshened.ConsentRequired required ->
          tokens
              .getNewer(id, Generation.NONE)
              .chain(loaded -> serveOrElse(ask, loaded, refused, new Answer.ConsentRequired()));
      case Freshened.Gone gone -> {
        tokens.changed(id);
        yield answer(new Unknown(Unknown.Reason.NOT_SERVED));
      }
    };
  }

  private Uni<Answer> serveOrElse(Ask ask, Loaded loaded, Generation refused, Answer otherwise) {
    return ifAllowed(ask, loaded, held -> answer(fitNow(ask, held, refused).orElse(otherwise)));
  }

  private Optional<Answer> fitNow(Ask ask, Snapshot held, Generation refused) {
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
      case Decision.NotYet notYet -> Optional.of(notYet());
      case Decision.NotServed notServed -> Optional.of(new Unknown(Unknown.Reason.NOT_SERVED));
    };
  }

  private Decision decide(Ask ask, Snapshot held, Instant now) {
    Rhythm rhythm = Rhythm.of(profiles.find(held.connection().provider()));
    return ServePolicy.decide(held.connection(), held.servable(), rhythm, ask.minimum(), now);
  }

  private Answer served(Snapshot held, Servable servable, Instant now) {
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

  private static String type(Servable servable, Profile.Resource resource) {
    return switch (servable) {
      case AccessToken token -> token.type();
      case ApiKey key -> resource.scheme().isEmpty() ? "N_A" : resource.scheme();
    };
  }

  private static Cause causeOf(Engine engine) {
    return switch (engine) {
      case LEDGER -> Cause.LEDGER_UNAVAILABLE;
      case SAFE -> Cause.SAFE_UNAVAILABLE;
    };
  }

  private static Answer notYet() {
    return new NothingFresh(FACTS_KNOWN, Cause.CONNECTING);
  }

  private static Duration atLeast(Duration least, Duration time) {
    return time.compareTo(least) < 0 ? least : time;
  }

  private static Uni<Answer> answer(Answer answer) {
    return Uni.createFrom().item(answer);
  }
}
