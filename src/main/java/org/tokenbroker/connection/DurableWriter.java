package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.ConnectionId;

/**
 * Makes a credential that a provider has just issued durable (G-1, reliability §2.2 rules 3 and 5).
 *
 * <ol>
 *   <li>Once begun it goes on until the credential is stored or dropped by its own {@link Merge},
 *       whoever stops waiting for it.
 *   <li>It never overwrites what it has not read: after a conflict it reads again and merges anew.
 *   <li>While anything is not durable yet, {@link #undurable()} says so and the process does not
 *       leave on its own.
 * </ol>
 */
@ApplicationScoped
public class DurableWriter {
  private static final Logger LOG = Logger.getLogger(DurableWriter.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Credentials credentials;
  private final Pause pause;
  private final AtomicInteger undurable = new AtomicInteger();

  DurableWriter(Credentials credentials, Pause pause) {
    this.credentials = credentials;
    this.pause = pause;
  }

  /** How what was issued goes together with what the safe holds by now. A pure function. */
  @FunctionalInterface
  public interface Merge {
    Decision onto(Credential current);
  }

  /** What a merge decides. */
  public sealed interface Decision {
    record Store(Credential credential) implements Decision {}

    /** The safe holds something newer; what was issued is of no use any more. */
    record Drop() implements Decision {}
  }

  /** How it ended. */
  public sealed interface Settled {
    /**
     * @param credential as it now lies in the safe
     */
    record Stored(Credential credential) implements Settled {}

    record Dropped() implements Settled {}
  }

  /** Credentials issued but not stored yet; must be 0 but for moments. */
  public int undurable() {
    return undurable.get();
  }

  /** Begins at once, also if nobody subscribes to the answer. */
  public Uni<Settled> settle(ConnectionId id, Merge merge) {
    Uni<Settled> settled = counted(attempt(id, merge, 0));
    settled
        .subscribe()
        .with(
            done -> {},
            failure ->
                LOG.errorf(
                    "Storing the credential of connection %s failed: %s",
                    id, failure.getClass().getName()));
    return settled;
  }

  /** Counts as undurable until it ends; whoever asks for it also subscribes. */
  <T> Uni<T> counted(Uni<T> work) {
    undurable.incrementAndGet();
    return work.onTermination().invoke(undurable::decrementAndGet).memoize().indefinitely();
  }

  private Uni<Settled> attempt(ConnectionId id, Merge merge, int failures) {
    return credentials.read(id).chain(read -> onto(id, merge, read, failures));
  }

  private Uni<Settled> onto(ConnectionId id, Merge merge, CredentialRead read, int failures) {
    return switch (read) {
      case CredentialRead.Found found ->
          store(id, merge, found.credential(), found.version(), failures);
      case CredentialRead.Absent absent ->
          store(id, merge, Credential.EMPTY, absent.version(), failures);
      case CredentialRead.Unavailable unavailable ->
          again(id, merge, unavailable.fault(), failures);
    };
  }

  private Uni<Settled> store(
      ConnectionId id, Merge merge, Credential current, SafeVersion version, int failures) {
    return switch (merge.onto(current)) {
      case Decision.Drop drop -> Uni.createFrom().item(new Settled.Dropped());
      case Decision.Store store ->
          credentials
              .write(id, store.credential(), version)
              .chain(written -> wrote(id, merge, store.credential(), written, failures));
    };
  }

  private Uni<Settled> wrote(
      ConnectionId id, Merge merge, Credential credential, SafeWrite written, int failures) {
    return switch (written) {
      case SafeWrite.Written done -> Uni.createFrom().item(new Settled.Stored(credential));
      case SafeWrite.Conflict conflict ->
          pause.of(backOff(0)).chain(() -> attempt(id, merge, failures));
      case SafeWrite.Unavailable unavailable -> again(id, merge, unavailable.fault(), failures);
    };
  }

  private Uni<Settled> again(ConnectionId id, Merge merge, SafeFault fault, int failures) {
    LOG.errorf(
        "A credential issued for connection %s is not durable yet, the safe is %s: trying again",
        id, fault);
    return pause.of(backOff(failures)).chain(() -> attempt(id, merge, failures + 1));
  }

  private static Duration backOff(int failures) {
    long longest =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest) + 1);
  }
}
