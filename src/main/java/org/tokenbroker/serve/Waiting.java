package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.tokenbroker.platform.Apart;
import org.tokenbroker.refresh.Freshener;
import org.tokenbroker.refresh.Freshener.Freshened;
import org.tokenbroker.refresh.Freshener.Reason;
import org.tokenbroker.serve.Answer.NothingFresh;
import org.tokenbroker.serve.Answer.NothingFresh.Cause;
import org.tokenbroker.serve.Answer.Unknown;
import org.tokenbroker.serve.HotTokens.Loaded;
import org.tokenbroker.serve.ServePolicy.Decision;
import org.tokenbroker.serve.Serving.Ask;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Servable;

/**
 * Lets a reader wait for a newer token, never longer than {@link Patience} allows. After the wait
 * access and fitness are decided anew, on what memory holds then.
 */
final class Waiting {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final HotTokens tokens;
  private final Gate gate;
  private final Handout handout;
  private final Freshener freshener;
  private final Patience patience;
  private final Apart apart;
  private final InstantSource time;

  Waiting(
      HotTokens tokens,
      Gate gate,
      Handout handout,
      Freshener freshener,
      Patience patience,
      Apart apart,
      InstantSource time) {
    this.tokens = tokens;
    this.gate = gate;
    this.handout = handout;
    this.freshener = freshener;
    this.patience = patience;
    this.apart = apart;
    this.time = time;
  }

  /** At once where what is held has the life that is asked for, else after a wait. */
  Uni<Answer> serveOrWait(Ask ask, Snapshot held) {
    Instant now = time.instant();
    Duration rest = patience.restLeft(held.connection().id(), now);
    return switch (handout.decide(ask, held, now)) {
      case Decision.ServeNow(Servable servable) -> answer(handout.served(held, servable, now));
      case Decision.WaitThenServeOld(Servable servable) when rest.isPositive() ->
          answer(handout.served(held, servable, now));
      case Decision.WaitThenServeOld waiting ->
          freshen(ask, held, Reason.TOO_LITTLE_LIFE, Generation.NONE);
      case Decision.Wait waiting when rest.isPositive() ->
          answer(new NothingFresh(rest, Cause.REFRESH));
      case Decision.Wait waiting -> freshen(ask, held, Reason.TOO_LITTLE_LIFE, Generation.NONE);
      case Decision.ConsentRequired required -> answer(new Answer.ConsentRequired());
      case Decision.KeyRequired required -> answer(new Answer.KeyRequired());
      case Decision.NotYet notYet -> answer(NothingFresh.connecting());
      case Decision.NotServed notServed -> answer(new Unknown(Unknown.Reason.NOT_SERVED));
    };
  }

  /**
   * Waits shortly for a newer token.
   *
   * @param refused a token of that generation, or an older one, is not served afterwards
   */
  Uni<Answer> freshen(Ask ask, Snapshot held, Reason reason, Generation refused) {
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

  /**
   * What there is now, without another wait.
   *
   * @param refused a token of that generation, or an older one, is not served
   * @param otherwise where only a newer token would do
   */
  Uni<Answer> serveOrElse(Ask ask, Loaded loaded, Generation refused, Answer otherwise) {
    return gate.ifAllowed(
        ask, loaded, held -> answer(handout.fitNow(ask, held, refused).orElse(otherwise)));
  }

  private Uni<Answer> afterWait(
      Ask ask, ConnectionId id, Freshened freshened, Reason reason, Generation refused) {
    return switch (freshened) {
      case Freshened.Newer(Generation newer) ->
          tokens
              .getNewer(id, newer)
              .chain(
                  loaded -> serveOrElse(ask, loaded, refused, NothingFresh.shortly(Cause.REFRESH)));
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

  private static Duration atLeast(Duration least, Duration time) {
    return time.compareTo(least) < 0 ? least : time;
  }

  private static Uni<Answer> answer(Answer answer) {
    return Uni.createFrom().item(answer);
  }
}
