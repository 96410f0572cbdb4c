package org.tokenbroker.serve;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.tokenbroker.platform.Apart;

/** Work of which at most one runs for each key; whoever asks meanwhile gets its outcome. */
final class SingleFlight<K, V> {
  private final ConcurrentMap<K, Uni<V>> running = new ConcurrentHashMap<>();
  private final Apart apart;

  SingleFlight(Apart apart) {
    this.apart = apart;
  }

  /**
   * Lazy: starts or joins at subscription. One who leaves does not end it for the others.
   *
   * @param afterwards runs after the work has ended and {@link #isRunning} says so, at least once
   */
  Uni<V> join(K key, Supplier<Uni<V>> work, Runnable afterwards) {
    return apart.run(() -> flight(key, work).onTermination().invoke(afterwards));
  }

  private Uni<V> flight(K key, Supplier<Uni<V>> work) {
    return running.computeIfAbsent(
        key,
        absent ->
            Uni.createFrom()
                .deferred(work::get)
                .onTermination()
                .invoke(() -> running.remove(key))
                .memoize()
                .indefinitely());
  }

  boolean isRunning(K key) {
    return running.containsKey(key);
  }
}
