package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.serve.Answer.NothingFresh;
import org.tokenbroker.serve.Answer.NothingFresh.Cause;
import org.tokenbroker.serve.Answer.Unknown;
import org.tokenbroker.serve.HotTokens.Loaded;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Scopes;

/**
 * Answers consumers: finds the connection that is meant, asks the access rules at the {@link Gate},
 * and lets {@link Waiting} or {@link Reports} answer. After each wait all is decided anew, on what
 * memory holds then.
 */
public final class Serving {
  private final HotTokens tokens;
  private final Directory directory;
  private final Gate gate;
  private final Waiting waiting;
  private final Reports reports;

  Serving(HotTokens tokens, Directory directory, Gate gate, Waiting waiting, Reports reports) {
    this.tokens = tokens;
    this.directory = directory;
    this.gate = gate;
    this.waiting = waiting;
    this.reports = reports;
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
        .chain(
            loaded ->
                gate.ifAllowed(ask, loaded, held -> reports.afterRejection(ask, held, rejection)));
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
                      answer(NothingFresh.shortly(Cause.LEDGER_UNAVAILABLE));
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
    return gate.ifAllowed(ask, loaded, held -> waiting.serveOrWait(ask, held));
  }

  private static Uni<Answer> answer(Answer answer) {
    return Uni.createFrom().item(answer);
  }
}
