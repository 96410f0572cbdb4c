package org.tokenbroker.sandbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The faults that the next token requests meet, first planned first played. */
public final class FaultScript {
  private final List<Scene> scenes = new ArrayList<>();

  /** The next token request, whatever its grant. */
  public void next(Fault fault) {
    plan(new Scene(Optional.empty(), 1, fault));
  }

  /** The next requests of this {@code grant_type}; others pass. */
  public void next(String grantType, int times, Fault fault) {
    plan(new Scene(Optional.of(grantType), times, fault));
  }

  /** The next refresh. */
  public void nextRefresh(Fault fault) {
    next("refresh_token", 1, fault);
  }

  /** Every token request until {@link #clear}, after what was planned before. */
  public void always(Fault fault) {
    plan(new Scene(Optional.empty(), Integer.MAX_VALUE, fault));
  }

  /** Back to normal. */
  public synchronized void clear() {
    scenes.clear();
  }

  /** Whether every planned fault has been played. */
  public synchronized boolean isPlayed() {
    return scenes.isEmpty();
  }

  private synchronized void plan(Scene scene) {
    scenes.add(scene);
  }

  synchronized Optional<Fault> take(String grantType) {
    for (Iterator<Scene> each = scenes.iterator(); each.hasNext(); ) {
      Scene scene = each.next();
      if (scene.grantType.isEmpty() || scene.grantType.get().equals(grantType)) {
        if (scene.left != Integer.MAX_VALUE && --scene.left == 0) {
          each.remove();
        }
        return Optional.of(scene.fault);
      }
    }
    return Optional.empty();
  }

  private static final class Scene {
    private final Optional<String> grantType;
    private int left;
    private final Fault fault;

    private Scene(Optional<String> grantType, int left, Fault fault) {
      if (left < 1) {
        throw new IllegalArgumentException("a fault is played at least once");
      }
      this.grantType = grantType;
      this.left = left;
      this.fault = fault;
    }
  }
}
