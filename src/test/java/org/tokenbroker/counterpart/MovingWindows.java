package org.tokenbroker.counterpart;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many calls somebody may make within windows that move with the time. A call that is refused
 * does not count: it is free again when the documented headers say so. The time comes as an
 * argument.
 */
final class MovingWindows {
  private static final Comparator<Instant> LATEST_FIRST = Comparator.reverseOrder();

  private List<Window> windows;
  private final Map<String, Deque<Instant>> calls = new HashMap<>();
  private final Map<String, Instant> refusedUntil = new HashMap<>();
  private int early;

  MovingWindows(Window... windows) {
    this.windows = List.of(windows);
  }

  /** Other windows from now on; calls that were made count in them. */
  synchronized void become(Window... others) {
    windows = List.of(others);
    refusedUntil.clear();
  }

  /** So many calls in any stretch of that length. */
  record Window(int calls, Duration length) {}

  /** What the window that is fullest says after a call. */
  sealed interface Verdict {
    /**
     * @param limit calls of that window
     * @param remaining of them
     */
    record Taken(int limit, int remaining) implements Verdict {}

    /**
     * @param freeAt when a call is free again
     */
    record Refused(int limit, Instant freeAt) implements Verdict {}
  }

  private record Fill(int limit, int remaining, Instant freeAt) {}

  /** Counts a call of this caller, unless a window is full. */
  synchronized Verdict take(String caller, Instant now) {
    Deque<Instant> made = calls.computeIfAbsent(caller, first -> new ArrayDeque<>());
    if (now.isBefore(refusedUntil.getOrDefault(caller, Instant.MIN))) {
      early++;
    }
    Fill before = fullest(made, now);
    if (before.remaining() == 0) {
      refusedUntil.put(caller, before.freeAt());
      return new Verdict.Refused(before.limit(), before.freeAt());
    }
    made.addLast(now);
    Fill after = fullest(made, now);
    return new Verdict.Taken(after.limit(), after.remaining());
  }

  /** How often somebody called before the time that a refusal had named. */
  synchronized int early() {
    return early;
  }

  private Fill fullest(Deque<Instant> made, Instant now) {
    return windows.stream()
        .map(window -> fill(window, made, now))
        .min(Comparator.comparingInt(Fill::remaining).thenComparing(Fill::freeAt, LATEST_FIRST))
        .orElseThrow();
  }

  private static Fill fill(Window window, Deque<Instant> made, Instant now) {
    Instant start = now.minus(window.length());
    List<Instant> within = made.stream().filter(call -> call.isAfter(start)).toList();
    int remaining = Math.max(0, window.calls() - within.size());
    Instant freeAt =
        remaining > 0 ? now : within.get(within.size() - window.calls()).plus(window.length());
    return new Fill(window.calls(), remaining, freeAt);
  }

  /** Whole seconds until then, at least one: what {@code Retry-After} says. */
  static long secondsUntil(Instant freeAt, Instant now) {
    return Math.max(1, Duration.between(now, freeAt).plusMillis(999).toSeconds());
  }
}
