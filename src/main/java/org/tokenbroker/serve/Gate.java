package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;
import org.tokenbroker.serve.Answer.NothingFresh;
import org.tokenbroker.serve.Answer.NothingFresh.Cause;
import org.tokenbroker.serve.Answer.Unknown;
import org.tokenbroker.serve.HotTokens.Loaded;
import org.tokenbroker.serve.Serving.Ask;

/** Lets a consumer through to what the access rules give it, and to nothing else (G-11). */
final class Gate {
  private final RuleBook rules;

  Gate(RuleBook rules) {
    this.rules = rules;
  }

  /**
   * @param then what is done with a connection that the consumer may have a token of
   */
  Uni<Answer> ifAllowed(Ask ask, Loaded loaded, Function<Snapshot, Uni<Answer>> then) {
    return switch (loaded) {
      case Loaded.Found(Snapshot held) ->
          rules
              .get()
              .chain(
                  known ->
                      refusal(ask, held, known)
                          .map(refused -> Uni.createFrom().item(refused))
                          .orElseGet(() -> then.apply(held)));
      case Loaded.Missing missing ->
          Uni.createFrom().item(new Unknown(Unknown.Reason.NO_CONNECTION));
      case Loaded.Unavailable(Engine engine) ->
          Uni.createFrom().item(NothingFresh.shortly(causeOf(engine)));
    };
  }

  private static Optional<Answer> refusal(Ask ask, Snapshot held, Optional<AccessRules> known) {
    if (known.isEmpty()) {
      return Optional.of(NothingFresh.shortly(Cause.LEDGER_UNAVAILABLE));
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

  private static Cause causeOf(Engine engine) {
    return switch (engine) {
      case LEDGER -> Cause.LEDGER_UNAVAILABLE;
      case SAFE -> Cause.SAFE_UNAVAILABLE;
    };
  }
}
