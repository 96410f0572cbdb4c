package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Credential;
import org.tokenbroker.connection.CredentialRead;
import org.tokenbroker.connection.Credentials;
import org.tokenbroker.refresh.Refresher.Attempt;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;

/**
 * Takes back the intent of a call that certainly changed nothing at the provider. An earlier call
 * whose outcome is still open is remembered again.
 */
@ApplicationScoped
public class Intents {
  private static final Logger LOG = Logger.getLogger(Intents.class);
  private static final int ATTEMPTS = 3;

  private final Credentials credentials;

  Intents(Credentials credentials) {
    this.credentials = credentials;
  }

  /** Whether the refresh token that was refused is the newest one. */
  enum Newest {
    YES,
    NO,
    UNKNOWN
  }

  /**
   * An intent that cannot be taken back stays, and counts as a call of unknown outcome: careful,
   * never wrong.
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
    return Uni.createFrom().voidItem();
  }

  private static Credential withFormerIntent(Attempt attempt, Credential current) {
    return attempt
        .credential()
        .pending()
        .map(current::withPending)
        .orElseGet(current::withoutPending);
  }

  private static boolean isOurs(Attempt attempt, Credential current) {
    return current
        .pending()
        .filter(call -> call.attempt().equals(attempt.call().attempt()))
        .isPresent();
  }
}
