package org.tokenbroker.platform.rest;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Failures as text for the log. */
public final class Failures {
  private static final int FRAMES = 40;

  private Failures() {}

  /**
   * Classes and frames of a failure and its causes. Messages are left out: they may hold upstream
   * text or a value that was sent.
   */
  public static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable link = failure; link != null && seen.add(link); link = link.getCause()) {
      text.append(text.isEmpty() ? "" : "caused by ")
          .append(link.getClass().getName())
          .append('\n');
      StackTraceElement[] frames = link.getStackTrace();
      for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
        text.append("  at ").append(frames[i]).append('\n');
      }
    }
    return text.toString();
  }
}
