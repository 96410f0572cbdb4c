package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.connection.CredentialRead;
import org.tokenbroker.connection.Credentials;
import org.tokenbroker.refresh.Refresher.Attempt;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.token.ConnectionId;

/**
 * Takes back the intent of a call that certainly changed nothing at the provider. An earlier call
 * whose outcome is still open is remembered again.
 *
 * <p>Where the safe does not let an intent be taken back, this process at least remembers that its
 * call was none: else a safe that loses an answer would cost a connection its refresh, and twice
 * its consent, although its refresh token was never spent.
 */
@ApplicationScoped
public class Intents {
  private static final Logger LOG = Logger.getLogger(Intents.class);
  private static final int ATTEMPTS = 3;

  private final Credentials credentials;
  private final ConcurrentMap<ConnectionId, NoCall> noCalls = new ConcurrentHashMap<>();

  Intents(Credentials credentials) {
    this.credentials = credentials;
  }

  /**
   * An intent that may lie in the safe although its call changed nothing.
   *
   * @param before the call that was open before
   */
  private record NoCall(String attempt, Optional<PendingCall> before) {}

  /** Whether the refresh token that was refused is the newest one. */
  enum Newest {
    YES,
    NO,
    UNKNOWN
  }

  /** A credential as it was read, without an intent that is known to be of no call. */
  Credential withoutNoCall(ConnectionId id, Credential read) {
    return Optional.ofNullable(noCalls.get(id))
        .filter(
            none -> read.pending().map(PendingCall::attempt).equals(Optional.of(none.attempt())))
        .map(none -> with(read, none.before()))
        .orElse(read);
  }

  /** The safe did not say whether the intent was written: nothing was sent. */
  void notSent(Attempt attempt) {
    noCalls.put(
        attempt.connection().id(),
        new NoCall(attempt.call().attempt(), attempt.credential().pending()));
  }

  /**
   * An intent that cannot be taken back stays, and counts for other processes as a call of unknown
   * outcome: careful, never wrong.
   */
  Uni<Void> clear(Attempt attempt) {
    return clear(attempt, ATTEMPTS);
  }

  Uni<Newest> refusedNewest(Attempt attempt) {
    return credentials
        .read(attempt.connection().id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found when isNewest(attempt, found.credential()) ->
                      clear(attempt).replaceWith(Newest.YES);
                  case CredentialRead.Found found -> Uni.createFrom().item(Newest.NO);
                  case CredentialRead.Absent absent -> Uni.createFrom().item(Newest.NO);
                  case CredentialRead.Unavailable unavailable ->
                      Uni.createFrom().item(Newest.UNKNOWN);
                });
  }

  private static boolean isNewest(Attempt attempt, Credential current) {
    return current.refreshTokenNumber() == attempt.call().refreshTokenNumber()
        && current.grant().equals(attempt.credential().grant());
  }

  private Uni<Void> clear(Attempt attempt, int attempts) {
    return credentials
        .read(attempt.connection().id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found when isOurs(attempt, found.credential()) ->
                      write(
                          attempt,
                          withFormerIntent(attempt, found.credential()),
                          found.version(),
                          attempts);
                  case CredentialRead.Found found -> Uni.createFrom().voidItem();
                  case CredentialRead.Absent absent -> Uni.createFrom().voidItem();
                  case CredentialRead.Unavailable unavailable -> stays(attempt);
                });
  }

  private Uni<Void> write(Attempt attempt, Credential cleared, SafeVersion expected, int attempts) {
    return credentials
        .write(attempt.connection().id(), cleared, expected)
        .chain(
            written ->
                switch (written) {
                  case SafeWrite.Written done -> Uni.createFrom().voidItem();
                  case SafeWrite.Conflict conflict when attempts > 1 ->
                      clear(attempt, attempts - 1);
                  case SafeWrite.Conflict conflict -> stays(attempt);
                  case SafeWrite.Unavailable unavailable -> stays(attempt);
                });
  }

  private Uni<Void> stays(Attempt attempt) {
    LOG.warnf("The intent of connection %s stays in the safe", attempt.connection().id());
    notSent(attempt);
    return Uni.createFrom().voidItem();
  }

  private static Credential withFormerIntent(Attempt attempt, Credential current) {
    return with(current, attempt.credential().pending());
  }

  private static Credential with(Credential credential, Optional<PendingCall> call) {
    return call.map(credential::withPending).orElseGet(credential::withoutPending);
  }

  private static boolean isOurs(Attempt attempt, Credential current) {
    return current
        .pending()
        .filter(call -> call.attempt().equals(attempt.call().attempt()))
        .isPresent();
  }
}
