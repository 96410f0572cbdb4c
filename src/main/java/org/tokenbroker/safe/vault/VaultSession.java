package org.tokenbroker.safe.vault;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.safe.SafeFault;

/**
 * The broker's login at Vault: one token for all calls of this replica.
 *
 * <ol>
 *   <li>At most one login, one renewal and one look-up are under way; whoever needs their outcome
 *       joins.
 *   <li>After a refused or failed login the next one waits as {@link Pace} says; calls meanwhile
 *       fail at once.
 *   <li>{@link #beat} renews the token at two thirds of its life, and logs in anew where it cannot
 *       be renewed further. Calls go on with the old token meanwhile.
 *   <li>A token that Vault turns down is replaced only if Vault says that the token, not the
 *       policy, is the reason; the second time within a minute this counts as a failed login.
 * </ol>
 */
final class VaultSession {
  private static final Logger LOG = Logger.getLogger(VaultSession.class);
  private static final Duration SHORT_LIVED = Duration.ofMinutes(1);

  private final VaultTokens tokens;
  private final InstantSource time;
  private final DoubleSupplier jitter;

  private @Nullable VaultLease lease;
  private @Nullable Uni<Login> loggingIn;
  private @Nullable Uni<Login> doubting;
  private @Nullable Uni<Void> renewing;
  private Pace logins = Pace.UNHINDERED;
  private Pace renewals = Pace.UNHINDERED;
  private SafeFault lastFault = SafeFault.FORBIDDEN;
  private Instant lastLogin = Instant.MIN;
  private int shortLived;

  /**
   * @param jitter each call gives a number from 0 to 1
   */
  VaultSession(VaultTokens tokens, InstantSource time, DoubleSupplier jitter) {
    this.tokens = tokens;
    this.time = time;
    this.jitter = jitter;
  }

  /** The current token if there is one, else the outcome of a login. */
  synchronized Uni<Login> login() {
    return lease != null && lease.usableAt(time.instant())
        ? Uni.createFrom().item(new Login.Granted(lease))
        : logInUnlessPaced();
  }

  /** Called when Vault answered 403: the token to try once more with, or why there is none. */
  synchronized Uni<Login> doubt(VaultLease denied) {
    if (!holds(denied)) {
      return login();
    }
    if (doubting == null) {
      doubting =
          tokens.lookUp(denied).chain(reply -> judge(denied, reply)).memoize().indefinitely();
    }
    return doubting;
  }

  /** Keeps the login alive: to be called about once a second. */
  synchronized Uni<Void> beat() {
    Instant now = time.instant();
    if (lease == null) {
      return logInUnlessPaced().replaceWithVoid();
    }
    return switch (lease.step(now)) {
      case KEEP -> Uni.createFrom().voidItem();
      case RENEW -> renewUnlessPaced(lease, now);
      case LOG_IN -> logInUnlessPaced().replaceWithVoid();
    };
  }

  /** When the token ends; empty without a token, and for one without an end. */
  synchronized Optional<Instant> expiry() {
    return Optional.ofNullable(lease).flatMap(VaultLease::expiry);
  }

  private Uni<Login> logInUnlessPaced() {
    if (loggingIn == null && !logins.allows(time.instant())) {
      return Uni.createFrom().item(new Login.Refused(lastFault));
    }
    if (loggingIn == null) {
      loggingIn = tokens.logIn().map(this::loggedIn).memoize().indefinitely();
    }
    return loggingIn;
  }

  private synchronized Login loggedIn(VaultReply<VaultLease> reply) {
    loggingIn = null;
    return switch (reply) {
      case VaultReply.Answered<VaultLease>(VaultLease granted) -> {
        if (logins.failures() > 0) {
          LOG.info("Logged in at Vault again");
        }
        lease = granted;
        lastLogin = time.instant();
        logins = Pace.UNHINDERED;
        renewals = Pace.UNHINDERED;
        yield new Login.Granted(granted);
      }
      case VaultReply.Denied<VaultLease>() -> loginFailed(SafeFault.FORBIDDEN);
      case VaultReply.Missing<VaultLease>(long version) -> loginFailed(SafeFault.FORBIDDEN);
      case VaultReply.Stale<VaultLease>() -> loginFailed(SafeFault.FORBIDDEN);
      case VaultReply.Failed<VaultLease>(SafeFault fault) -> loginFailed(fault);
    };
  }

  private Login loginFailed(SafeFault fault) {
    lastFault = fault;
    logins = logins.failed(fault, time.instant(), jitter.getAsDouble());
    LOG.warnf("Login at Vault failed (%s); next one not before %s", fault, logins.notBefore());
    return new Login.Refused(fault);
  }

  private synchronized Uni<Login> judge(VaultLease denied, VaultReply<VaultLease> lookUp) {
    doubting = null;
    return switch (lookUp) {
      case VaultReply.Answered<VaultLease>(VaultLease stillGood) -> refused(SafeFault.FORBIDDEN);
      case VaultReply.Failed<VaultLease>(SafeFault fault) -> refused(fault);
      case VaultReply.Missing<VaultLease>(long version) -> refused(SafeFault.CORRUPT);
      case VaultReply.Stale<VaultLease>() -> refused(SafeFault.CORRUPT);
      case VaultReply.Denied<VaultLease>() -> {
        drop(denied);
        yield login();
      }
    };
  }

  private void drop(VaultLease dead) {
    if (!holds(dead)) {
      return;
    }
    lease = null;
    Instant now = time.instant();
    shortLived = now.isBefore(lastLogin.plus(SHORT_LIVED)) ? shortLived + 1 : 0;
    if (shortLived > 1) {
      lastFault = SafeFault.FORBIDDEN;
      logins =
          new Pace(shortLived - 2, Instant.MIN)
              .failed(SafeFault.FORBIDDEN, now, jitter.getAsDouble());
      LOG.warnf(
          "Vault ended %d tokens soon after their logins; next login not before %s",
          shortLived, logins.notBefore());
    }
  }

  private Uni<Void> renewUnlessPaced(VaultLease due, Instant now) {
    if (renewing == null && !renewals.allows(now)) {
      return Uni.createFrom().voidItem();
    }
    if (renewing == null) {
      renewing = tokens.renew(due).chain(reply -> renewed(due, reply)).memoize().indefinitely();
    }
    return renewing;
  }

  private synchronized Uni<Void> renewed(VaultLease due, VaultReply<VaultLease> reply) {
    renewing = null;
    return switch (reply) {
      case VaultReply.Answered<VaultLease>(VaultLease extended) -> {
        if (holds(due)) {
          lease = extended;
        }
        renewals = Pace.UNHINDERED;
        yield Uni.createFrom().voidItem();
      }
      case VaultReply.Denied<VaultLease>() -> logInUnlessPaced().replaceWithVoid();
      case VaultReply.Missing<VaultLease>(long version) -> logInUnlessPaced().replaceWithVoid();
      case VaultReply.Stale<VaultLease>() -> logInUnlessPaced().replaceWithVoid();
      case VaultReply.Failed<VaultLease>(SafeFault fault) -> renewalFailed(fault);
    };
  }

  private Uni<Void> renewalFailed(SafeFault fault) {
    renewals = renewals.failed(fault, time.instant(), jitter.getAsDouble());
    return switch (fault) {
      case UNREACHABLE, NOT_SERVING -> Uni.createFrom().voidItem();
      case FORBIDDEN, CORRUPT -> logInUnlessPaced().replaceWithVoid();
    };
  }

  private boolean holds(VaultLease other) {
    return lease != null && lease.token().equals(other.token());
  }

  private static Uni<Login> refused(SafeFault fault) {
    return Uni.createFrom().item(new Login.Refused(fault));
  }
}
