package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.Health.Hurdle;
import org.tokenbroker.connection.Lookups.Errand;
import org.tokenbroker.connection.Lookups.Noted;
import org.tokenbroker.consent.GrantKeeper;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.provider.GrantedTokens;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Profiles;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.Scopes;

/**
 * Moves the grant of a second install to the connection that the account has already (BE-18): its
 * id and tenant stay, its generation rises, and a newer grant is never replaced (G-14).
 *
 * <ol>
 *   <li>prove that the target can be written;
 *   <li>note that the grant moves: from then on nobody refreshes it at its old place, so that its
 *       refresh token is not spent twice;
 *   <li>keep it at the target, as any agreement;
 *   <li>end the install, and erase what it left without revoking it: the tokens live on.
 * </ol>
 *
 * <p>Each step may be repeated. The target's former grant is not revoked: many providers end all
 * tokens of an account with one of them.
 */
@ApplicationScoped
public class Relocation {
  private static final Logger LOG = Logger.getLogger(Relocation.class);

  private final Ledger ledger;
  private final Lookups lookups;
  private final Credentials credentials;
  private final GrantKeeper keeper;
  private final Profiles profiles;
  private final Disconnection disconnection;
  private final InstantSource time;

  Relocation(
      Ledger ledger,
      Lookups lookups,
      Credentials credentials,
      GrantKeeper keeper,
      Profiles profiles,
      Disconnection disconnection,
      InstantSource time) {
    this.ledger = ledger;
    this.lookups = lookups;
    this.credentials = credentials;
    this.keeper = keeper;
    this.profiles = profiles;
    this.disconnection = disconnection;
    this.time = time;
  }

  /**
   * One move under way.
   *
   * @param retryAt when to look again, should it come to nothing
   */
  private record Move(
      Errand errand, ConnectionId to, Instant retryAt, GrantId grant, GrantedTokens tokens) {
    String provider() {
      return errand.connection().provider();
    }

    Scopes requested() {
      return errand.connection().requested();
    }

    Optional<Instant> agreedAt() {
      return errand.connection().term().map(Term::agreedAt);
    }
  }

  /** Whether the install is over, its grant being where the account is. */
  Uni<Boolean> move(Errand errand, ConnectionId to, Instant retryAt) {
    return credentials
        .read(errand.connection().id())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found ->
                      move(errand, to, retryAt, found.credential())
                          .map(this::prepare)
                          .orElseGet(() -> stays(errand, Hurdle.ACCOUNT_ELSEWHERE, retryAt));
                  case CredentialRead.Absent absent ->
                      stays(errand, Hurdle.SAFE_UNAVAILABLE, retryAt);
                  case CredentialRead.Unavailable unavailable ->
                      later(errand, Hurdle.SAFE_UNAVAILABLE, retryAt);
                });
  }

  /** Empty while a call of unknown outcome is open: it is settled where it was made. */
  private static Optional<Move> move(
      Errand errand, ConnectionId to, Instant retryAt, Credential credential) {
    return credential.pending().isPresent()
        ? Optional.empty()
        : credential
            .grant()
            .flatMap(
                grant ->
                    credential
                        .accessToken()
                        .map(token -> move(errand, to, retryAt, credential, grant, token)));
  }

  private static Move move(
      Errand errand,
      ConnectionId to,
      Instant retryAt,
      Credential credential,
      Grant grant,
      AccessToken token) {
    GrantedTokens tokens =
        new GrantedTokens(
            token.value(),
            token.type(),
            token.lifetime(),
            credential.refreshToken().map(Credential.RefreshToken::value),
            credential.refreshToken().flatMap(Credential.RefreshToken::expiresAt),
            Optional.of(token.scopes()),
            credential.facts());
    return new Move(
        errand,
        to,
        retryAt,
        new GrantId(grant.id(), grant.startedAt(), grant.redirectUri()),
        tokens);
  }

  private Uni<Boolean> prepare(Move move) {
    return keeper
        .prepare(move.to(), move.grant())
        .chain(
            readiness ->
                switch (readiness) {
                  case READY -> announce(move);
                  case NOT_WANTED -> unlessOutdated(move);
                  case UNAVAILABLE -> later(move);
                });
  }

  private Uni<Boolean> announce(Move move) {
    return lookups
        .moves(move.errand(), move.to())
        .chain(noted -> noted instanceof Noted.Done ? keep(move) : Uni.createFrom().item(false));
  }

  private Uni<Boolean> keep(Move move) {
    return profiles
        .find(move.provider())
        .map(profile -> keep(move, profile))
        .orElseGet(() -> stays(move.errand(), Hurdle.MISCONFIGURED, move.retryAt()));
  }

  private Uni<Boolean> keep(Move move, Profile profile) {
    return keeper
        .keep(
            move.to(),
            move.grant(),
            new GrantKeeper.Arrival.Moved(move.agreedAt()),
            move.tokens(),
            move.requested(),
            profile)
        .chain(
            outcome ->
                switch (outcome) {
                  case KEPT -> finish(move);
                  case SUPERSEDED -> unlessOutdated(move);
                  case NOT_WANTED, NO_REFRESH_TOKEN ->
                      stays(move.errand(), Hurdle.ACCOUNT_ELSEWHERE, move.retryAt());
                  case HELD -> Uni.createFrom().item(false);
                });
  }

  /**
   * The target is gone, disabled or revoked; or it has a newer grant, and this one is of no use.
   */
  private Uni<Boolean> unlessOutdated(Move move) {
    Grant grant =
        new Grant(move.grant().id(), move.grant().startedAt(), move.grant().redirectUri());
    return credentials
        .read(move.to())
        .chain(
            read ->
                switch (read) {
                  case CredentialRead.Found found when found.credential().outdates(grant) ->
                      lookups
                          .moves(move.errand(), move.to())
                          .chain(
                              noted ->
                                  noted instanceof Noted.Done
                                      ? finish(move)
                                      : Uni.createFrom().item(false));
                  case CredentialRead.Found found ->
                      stays(move.errand(), Hurdle.ACCOUNT_ELSEWHERE, move.retryAt());
                  case CredentialRead.Absent absent ->
                      stays(move.errand(), Hurdle.ACCOUNT_ELSEWHERE, move.retryAt());
                  case CredentialRead.Unavailable unavailable -> later(move);
                });
  }

  /** A tenant that claimed the install gets the target only where nobody has it. */
  private Uni<Boolean> finish(Move move) {
    ConnectionId install = move.errand().connection().id();
    LOG.infof("Install %s renewed connection %s in place", install, move.to());
    Uni<?> claimed =
        move.errand()
            .promisedTo()
            .<Uni<?>>map(tenant -> ledger.claim(move.to(), tenant, true, time.instant()))
            .orElseGet(() -> Uni.createFrom().voidItem());
    return claimed
        .chain(() -> lookups.moved(move.errand(), time.instant()))
        .call(() -> disconnection.erase(install))
        .map(noted -> noted instanceof Noted.Done);
  }

  private Uni<Boolean> later(Move move) {
    return later(move.errand(), Hurdle.SAFE_UNAVAILABLE, move.retryAt());
  }

  /** Goes on at the same point. */
  private Uni<Boolean> later(Errand errand, Hurdle hurdle, Instant retryAt) {
    return lookups.failed(errand, hurdle, retryAt, time.instant()).replaceWith(false);
  }

  private Uni<Boolean> stays(Errand errand, Hurdle hurdle, Instant retryAt) {
    return lookups.stays(errand, hurdle, retryAt, time.instant()).replaceWith(false);
  }
}
