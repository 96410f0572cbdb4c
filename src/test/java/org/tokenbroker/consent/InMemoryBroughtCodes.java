package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.tokenbroker.token.ConnectionId;

/** Brought codes with the contract of their port, and a switch that takes them down. */
final class InMemoryBroughtCodes implements BroughtCodes {
  private final Set<Fingerprint> noted = new HashSet<>();
  private boolean down;
  private Runnable meanwhile = () -> {};

  /** What happens while the next code is noted. */
  void meanwhile(Runnable happens) {
    meanwhile = happens;
  }

  void goDown() {
    down = true;
  }

  Set<Fingerprint> noted() {
    return Set.copyOf(noted);
  }

  @Override
  public Uni<Noted> note(Fingerprint code, ConnectionId connection, Instant now) {
    return Uni.createFrom().item(() -> down ? Noted.UNAVAILABLE : note(code));
  }

  private Noted note(Fingerprint code) {
    Runnable once = meanwhile;
    meanwhile = () -> {};
    once.run();
    return noted.add(code) ? Noted.NEW : Noted.KNOWN;
  }

  @Override
  public Uni<Stored> release(Fingerprint code) {
    return Uni.createFrom()
        .item(
            () -> {
              noted.remove(code);
              return Stored.DONE;
            });
  }

  @Override
  public Uni<Stored> forget(Instant notedBefore, int limit) {
    throw new AssertionError("no test of this chapter's root forgets codes");
  }
}
