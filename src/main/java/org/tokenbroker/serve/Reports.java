package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import org.tokenbroker.connection.Connection;
import org.tokenbroker.connection.Health;
import org.tokenbroker.connection.KeyRefusals;
import org.tokenbroker.refresh.Freshener.Reason;
import org.tokenbroker.serve.Answer.NothingFresh;
import org.tokenbroker.serve.Answer.Unknown;
import org.tokenbroker.serve.HotTokens.Loaded;
import org.tokenbroker.serve.Serving.Ask;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;

/**
 * What follows from a consumer's report that an API refused a token (BE-16, G-12): a newer one, one
 * refresh for each generation at most, or the word that no newer one would help.
 */
final class Reports {
  private final HotTokens tokens;
  private final Gate gate;
  private final Handout handout;
  private final Waiting waiting;
  private final KeyRefusals refusals;

  Reports(HotTokens tokens, Gate gate, Handout handout, Waiting waiting, KeyRefusals refusals) {
    this.tokens = tokens;
    this.gate = gate;
    this.handout = handout;
    this.waiting = waiting;
    this.refusals = refusals;
  }

  /**
   * @param held of a connection that the consumer may have a token of
   */
  Uni<Answer> afterRejection(Ask ask, Snapshot held, Rejection rejection) {
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
                gate.ifAllowed(
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
      case Health.Connecting connecting -> answer(NothingFresh.connecting());
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

  private Uni<Answer> newerOrFreshened(Ask ask, Snapshot held, Generation refused) {
    if (held.generation().isNewerThan(refused)) {
      return waiting.serveOrWait(ask, held);
    }
    return switch (held.connection().grant()) {
      case AUTHORIZATION_CODE, CLIENT_CREDENTIALS -> freshened(ask, held, refused);
      case API_KEY -> replaced(ask, held, refused);
    };
  }

  private Uni<Answer> freshened(Ask ask, Snapshot held, Generation refused) {
    return switch (held.connection().health()) {
      case Health.Active active -> waiting.freshen(ask, held, Reason.REPORTED, refused);
      case Health.Ailing ailing -> waiting.freshen(ask, held, Reason.REPORTED, refused);
      case Health.NeedsConsent needs -> answer(new Answer.ConsentRequired());
      case Health.PendingConsent pending -> answer(new Answer.ConsentRequired());
      case Health.Connecting connecting -> answer(NothingFresh.connecting());
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
        : answer(handout.fitNow(ask, held, refused).orElseGet(Answer.KeyRequired::new));
  }

  private Uni<Answer> newerKey(Ask ask, Loaded loaded, Generation refused) {
    return waiting
        .serveOrElse(ask, loaded, refused, new Answer.KeyRequired())
        .call(
            answer ->
                answer instanceof Answer.KeyRequired && loaded instanceof Loaded.Found(Snapshot now)
                    ? refusals.refused(now.connection().id(), refused)
                    : Uni.createFrom().voidItem());
  }

  private static Uni<Answer> answer(Answer answer) {
    return Uni.createFrom().item(answer);
  }
}
