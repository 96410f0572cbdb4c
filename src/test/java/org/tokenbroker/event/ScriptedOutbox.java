package org.tokenbroker.event;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes down what a courier concluded. */
final class ScriptedOutbox implements Outbox {
  private final List<String> written = new ArrayList<>();

  List<String> written() {
    return written;
  }

  @Override
  public Uni<List<Delivery>> claim(Instant now, int each, int limit, Map<WebhookId, Integer> room) {
    throw new AssertionError("a courier claims nothing");
  }

  @Override
  public Uni<Written> delivered(Delivery delivery, Instant now) {
    return note("delivered");
  }

  @Override
  public Uni<Written> gone(Delivery delivery, Instant now) {
    return note("gone");
  }

  @Override
  public Uni<Written> again(Delivery delivery, Failure failure, Instant at, Instant now) {
    return note("again " + failure + (at.isAfter(now) ? " later" : " at once"));
  }

  @Override
  public Uni<Written> givenUp(Delivery delivery, Failure failure, Instant now) {
    return note("given up " + failure);
  }

  @Override
  public Uni<Written> postponed(Delivery delivery, Instant at) {
    return note("postponed to " + at);
  }

  @Override
  public Uni<Integer> giveUpUnwanted(Instant now, int limit) {
    throw new AssertionError("a courier gives up nothing that it did not try");
  }

  @Override
  public Uni<Optional<Census>> census() {
    throw new AssertionError("a courier counts nothing");
  }

  private Uni<Written> note(String what) {
    return Uni.createFrom()
        .item(
            () -> {
              written.add(what);
              return Written.DONE;
            });
  }
}
