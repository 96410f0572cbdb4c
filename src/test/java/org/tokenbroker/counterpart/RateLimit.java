package org.tokenbroker.counterpart;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.tokenbroker.counterpart.CounterpartServer.Handling;
import org.tokenbroker.counterpart.MovingWindows.Verdict;
import org.tokenbroker.counterpart.MovingWindows.Window;

/**
 * Counts the calls of each caller and tells about it in every answer: {@code X-RateLimit-Limit} and
 * {@code X-RateLimit-Remaining}; in a 429 {@code Retry-After} too.
 */
final class RateLimit {
  /** Which header a 429 has beside {@code Retry-After}. */
  enum Reset {
    NONE,
    /** {@code X-RateLimit-Reset}, a Unix time in seconds. */
    UNIX_TIME
  }

  private final Window[] documented;
  private final MovingWindows windows;
  private final Reset reset;
  private final JsonObject excess;
  private final InstantSource time;

  /**
   * @param excess body of a 429
   */
  RateLimit(InstantSource time, Reset reset, JsonObject excess, Window... documented) {
    this.time = time;
    this.reset = reset;
    this.excess = excess;
    this.documented = documented.clone();
    this.windows = new MovingWindows(documented);
  }

  /** Whose budget a call takes from. */
  interface Caller {
    String of(HttpServerRequest request, Parameters body);
  }

  /** Until {@link #asDocumented()}: so many calls in any stretch of that length. */
  void allows(int calls, Duration length) {
    windows.become(new Window(calls, length));
  }

  void asDocumented() {
    windows.become(documented);
  }

  /** How often somebody called before the time that a 429 had named. */
  int early() {
    return windows.early();
  }

  /** The same handling, within the limits. */
  Handling around(Handling handling, Caller caller) {
    return (request, body) -> {
      Instant now = time.instant();
      return switch (windows.take(caller.of(request, body), now)) {
        case Verdict.Taken taken -> answer(handling, request, body, headers(taken));
        case Verdict.Refused refused -> throw tooMany(refused, now);
      };
    };
  }

  private static Refused.Reply answer(
      Handling handling, HttpServerRequest request, Parameters body, Map<String, String> headers)
      throws Refused {
    try {
      return handling.handle(request, body).with(headers);
    } catch (Refused refused) {
      throw new Refused(refused.why(), refused.reply().with(headers));
    }
  }

  private static Map<String, String> headers(Verdict.Taken taken) {
    return Map.of(
        "X-RateLimit-Limit", Integer.toString(taken.limit()),
        "X-RateLimit-Remaining", Integer.toString(taken.remaining()));
  }

  private Refused tooMany(Verdict.Refused refused, Instant now) {
    long pause = MovingWindows.secondsUntil(refused.freeAt(), now);
    Map<String, String> headers = new HashMap<>();
    headers.put("Retry-After", Long.toString(pause));
    headers.put("X-RateLimit-Limit", Integer.toString(refused.limit()));
    headers.put("X-RateLimit-Remaining", "0");
    switch (reset) {
      case NONE -> {}
      case UNIX_TIME ->
          headers.put("X-RateLimit-Reset", Long.toString(now.plusSeconds(pause).getEpochSecond()));
    }
    return new Refused("rate limit", new Refused.Reply(429, headers, excess.copy()));
  }
}
