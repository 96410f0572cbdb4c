package org.tokenbroker.safe.vault;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.profile.UnlessBuildProfile;
import io.quarkus.vault.client.VaultClient;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.tokenbroker.platform.CallerContext;
import org.tokenbroker.safe.SafeActivity;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafeHealth;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeState;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;

/**
 * The safe on Vault or OpenBao, KV version 2 (K-2). A document is one KV secret; its fields are the
 * secret's keys.
 *
 * <p>A new document is set to keep three versions and to refuse writes without check-and-set,
 * before its first version is written: so spent refresh tokens do not pile up, and no other writer
 * can overwrite blindly. Destroying deletes the secret's metadata, and with it every version.
 *
 * <p>A reply comes back on the Vert.x context that asked for it.
 */
@ApplicationScoped
@UnlessBuildProfile("sandbox")
public class VaultSecretSafe implements SecretSafe, SafeHealth {
  private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);

  private final KvRequests requests;
  private final VaultSession session;
  private final AuthorizedCalls calls;
  private final Duration timeout;
  private final InstantSource time;
  private final AtomicReference<SafeActivity> activity = new AtomicReference<>(SafeActivity.NONE);

  /**
   * @param vault gives address, trust and way of login
   * @throws IllegalArgumentException if the configuration is not usable; names the property
   */
  @Inject
  public VaultSecretSafe(
      VaultClient vault, VaultSafeConfig config, InstantSource time, MeterRegistry registry) {
    if (config.requestTimeout().compareTo(SHORTEST_TIMEOUT) < 0) {
      throw new IllegalArgumentException(
          "token-broker.safe.request-timeout must be at least 100ms");
    }
    this.timeout = config.requestTimeout();
    this.time = time;
    this.requests = new KvRequests(config);
    VaultMetrics metrics = new VaultMetrics(registry, time);
    VaultClient client = vault.configure().requestTimeout(timeout).instantSource(time).build();
    VaultCalls plain = new VaultCalls(client, metrics, timeout);
    VaultTokens tokens = new VaultAuthentication(client, plain, time);
    this.session = new VaultSession(tokens, time, () -> ThreadLocalRandom.current().nextDouble());
    this.calls = new AuthorizedCalls(plain, session);
    metrics.show(this::activity);
  }

  @Override
  public Uni<SafeRead> read(SafePath path) {
    return bounded(
            calls
                .send(VaultOperation.READ, requests.read(path), VaultJson::document)
                .map(VaultSecretSafe::readOutcome),
            SafeRead.Unavailable::new)
        .invoke(outcome -> note(past -> past.after(outcome, time.instant())));
  }

  @Override
  public Uni<SafeWrite> write(SafePath path, SafeDocument document, SafeVersion expected) {
    Uni<VaultReply<SafeVersion>> write =
        calls.send(
            VaultOperation.WRITE, requests.write(path, document, expected), VaultJson::written);
    Uni<SafeWrite> written =
        expected.equals(SafeVersion.ABSENT)
            ? configured(path).chain(reply -> writeConfigured(reply, write))
            : write.map(VaultSecretSafe::writeOutcome);
    return bounded(written, SafeWrite.Unavailable::new)
        .invoke(outcome -> note(past -> past.after(outcome, time.instant())));
  }

  @Override
  public Uni<SafeDestroy> destroy(SafePath path) {
    return bounded(
            calls
                .send(VaultOperation.DESTROY, requests.destroy(path), VaultSecretSafe::anything)
                .map(VaultSecretSafe::destroyOutcome),
            SafeDestroy.Unavailable::new)
        .invoke(outcome -> note(past -> past.after(outcome, time.instant())));
  }

  @Override
  public Uni<SafeDestroy> destroyBefore(SafePath path, SafeVersion version) {
    if (version.value() <= 1) {
      return Uni.createFrom().item(new SafeDestroy.Destroyed());
    }
    return bounded(
            calls
                .send(
                    VaultOperation.DESTROY_FORMER,
                    requests.destroyBefore(path, version),
                    VaultSecretSafe::anything)
                .map(VaultSecretSafe::destroyOutcome),
            SafeDestroy.Unavailable::new)
        .invoke(outcome -> note(past -> past.after(outcome, time.instant())));
  }

  @Override
  public Uni<SafeState> probe() {
    return bounded(
            calls
                .send(VaultOperation.PROBE, requests.capabilities(), VaultJson::mayWrite)
                .map(VaultSecretSafe::probeOutcome),
            SafeState.Unavailable::new)
        .invoke(state -> note(past -> past.after(state, time.instant())));
  }

  @Override
  public SafeActivity activity() {
    return activity.get().withCredentialExpiry(session.expiry());
  }

  /** Keeps the login alive; see {@link VaultHeartbeat}. */
  Uni<Void> beat() {
    return session.beat();
  }

  private Uni<VaultReply<Boolean>> configured(SafePath path) {
    return calls.send(
        VaultOperation.CONFIGURE, requests.configure(path), VaultSecretSafe::anything);
  }

  private static Uni<SafeWrite> writeConfigured(
      VaultReply<Boolean> configured, Uni<VaultReply<SafeVersion>> write) {
    return switch (configured) {
      case VaultReply.Answered<Boolean>(Boolean done) -> write.map(VaultSecretSafe::writeOutcome);
      case VaultReply.Missing<Boolean>(long version) -> unwritten(SafeFault.FORBIDDEN);
      case VaultReply.Denied<Boolean>() -> unwritten(SafeFault.FORBIDDEN);
      case VaultReply.Stale<Boolean>() -> unwritten(SafeFault.CORRUPT);
      case VaultReply.Failed<Boolean>(SafeFault fault) -> unwritten(fault);
    };
  }

  private static Uni<SafeWrite> unwritten(SafeFault fault) {
    return Uni.createFrom().item(new SafeWrite.Unavailable(fault));
  }

  private static SafeRead readOutcome(VaultReply<SafeRead.Found> reply) {
    return switch (reply) {
      case VaultReply.Answered<SafeRead.Found>(SafeRead.Found found) -> found;
      case VaultReply.Missing<SafeRead.Found>(long version) ->
          new SafeRead.Absent(new SafeVersion(version));
      case VaultReply.Denied<SafeRead.Found>() -> new SafeRead.Unavailable(SafeFault.FORBIDDEN);
      case VaultReply.Stale<SafeRead.Found>() -> new SafeRead.Unavailable(SafeFault.CORRUPT);
      case VaultReply.Failed<SafeRead.Found>(SafeFault fault) -> new SafeRead.Unavailable(fault);
    };
  }

  private static SafeWrite writeOutcome(VaultReply<SafeVersion> reply) {
    return switch (reply) {
      case VaultReply.Answered<SafeVersion>(SafeVersion version) -> new SafeWrite.Written(version);
      case VaultReply.Stale<SafeVersion>() -> new SafeWrite.Conflict();
      case VaultReply.Missing<SafeVersion>(long version) ->
          new SafeWrite.Unavailable(SafeFault.FORBIDDEN);
      case VaultReply.Denied<SafeVersion>() -> new SafeWrite.Unavailable(SafeFault.FORBIDDEN);
      case VaultReply.Failed<SafeVersion>(SafeFault fault) -> new SafeWrite.Unavailable(fault);
    };
  }

  private static SafeDestroy destroyOutcome(VaultReply<Boolean> reply) {
    return switch (reply) {
      case VaultReply.Answered<Boolean>(Boolean done) -> new SafeDestroy.Destroyed();
      case VaultReply.Missing<Boolean>(long version) -> new SafeDestroy.Destroyed();
      case VaultReply.Denied<Boolean>() -> new SafeDestroy.Unavailable(SafeFault.FORBIDDEN);
      case VaultReply.Stale<Boolean>() -> new SafeDestroy.Unavailable(SafeFault.CORRUPT);
      case VaultReply.Failed<Boolean>(SafeFault fault) -> new SafeDestroy.Unavailable(fault);
    };
  }

  private static SafeState probeOutcome(VaultReply<Boolean> reply) {
    return switch (reply) {
      case VaultReply.Answered<Boolean>(Boolean mayWrite) ->
          mayWrite ? new SafeState.Writable() : new SafeState.Unavailable(SafeFault.FORBIDDEN);
      case VaultReply.Missing<Boolean>(long version) ->
          new SafeState.Unavailable(SafeFault.CORRUPT);
      case VaultReply.Denied<Boolean>() -> new SafeState.Unavailable(SafeFault.FORBIDDEN);
      case VaultReply.Stale<Boolean>() -> new SafeState.Unavailable(SafeFault.CORRUPT);
      case VaultReply.Failed<Boolean>(SafeFault fault) -> new SafeState.Unavailable(fault);
    };
  }

  private static Optional<Boolean> anything(byte[] body) {
    return Optional.of(true);
  }

  private <T> Uni<T> bounded(Uni<T> call, Function<SafeFault, ? extends T> unavailable) {
    return CallerContext.keep(
        call.ifNoItem()
            .after(timeout)
            .recoverWithItem(() -> unavailable.apply(SafeFault.UNREACHABLE)));
  }

  private void note(UnaryOperator<SafeActivity> outcome) {
    activity.updateAndGet(outcome);
  }
}
