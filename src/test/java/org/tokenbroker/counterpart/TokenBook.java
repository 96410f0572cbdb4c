package org.tokenbroker.counterpart;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a counterpart has given out: codes, grants and tokens. Knows no wire format. */
final class TokenBook {
  private final CounterpartServer server;
  private final Map<String, Code> codes = new HashMap<>();
  private final Set<String> spentCodes = new HashSet<>();
  private final List<Grant> grants = new ArrayList<>();
  private final Map<String, Access> access = new HashMap<>();

  TokenBook(CounterpartServer server) {
    this.server = server;
  }

  /**
   * A code on its way.
   *
   * @param place where it was asked for, as far as the system tells places apart
   * @param redirectUri the one that was sent; empty where none was
   * @param challenge S256 code challenge, where one was sent
   */
  record Code(
      String account,
      String clientId,
      String place,
      Optional<URI> redirectUri,
      Set<String> scopes,
      Optional<String> challenge,
      Instant expiresAt) {}

  /** One agreement of an account, and its refresh tokens. */
  static final class Grant {
    private final Code code;
    private final Instant authorizedAt;
    private final Set<String> spent = new HashSet<>();
    private String newest = "";
    private boolean revoked;
    private boolean reused;

    private Grant(Code code, Instant authorizedAt) {
      this.code = code;
      this.authorizedAt = authorizedAt;
    }

    Code code() {
      return code;
    }

    Instant authorizedAt() {
      return authorizedAt;
    }

    boolean isRevoked() {
      return revoked;
    }

    /** Whether a refresh token was presented after a newer one had been given out. */
    boolean wasReused() {
      return reused;
    }
  }

  /** An access token; without a grant where a client acts for itself. */
  record Access(Optional<Grant> grant, Set<String> scopes, String audience, Instant expiresAt) {
    boolean isGood(Instant now) {
      return now.isBefore(expiresAt) && grant.map(each -> !each.isRevoked()).orElse(true);
    }
  }

  synchronized String code(Code code) {
    String value = server.secret("code");
    codes.put(value, code);
    return value;
  }

  /** Gives a code once. */
  synchronized Optional<Code> redeem(String value, Instant now) {
    Optional<Code> code =
        Optional.ofNullable(codes.remove(value)).filter(each -> now.isBefore(each.expiresAt()));
    spentCodes.add(value);
    return code;
  }

  /** Whether this code was presented before. */
  synchronized boolean isSpent(String value) {
    return spentCodes.contains(value);
  }

  synchronized Grant grant(Code code, Instant now) {
    Grant grant = new Grant(code, now);
    grants.add(grant);
    return grant;
  }

  synchronized String accessToken(
      Optional<Grant> grant, Set<String> scopes, String audience, Instant now, Duration life) {
    String value = server.secret("access token");
    access.put(value, new Access(grant, scopes, audience, now.plus(life)));
    return value;
  }

  /** The next refresh token; the one before counts as spent. */
  synchronized String refreshToken(Grant grant) {
    if (!grant.newest.isEmpty()) {
      grant.spent.add(grant.newest);
    }
    grant.newest = server.secret("refresh token");
    return grant.newest;
  }

  /** The grant of the newest or of a spent refresh token. */
  synchronized Optional<Grant> grantOf(String refreshToken) {
    return grants.stream()
        .filter(grant -> grant.newest.equals(refreshToken) || grant.spent.contains(refreshToken))
        .findFirst();
  }

  /** Whether it is the newest one of its grant; notes it where it is not. */
  synchronized boolean isNewest(Grant grant, String refreshToken) {
    boolean newest = grant.newest.equals(refreshToken);
    grant.reused |= !newest;
    return newest;
  }

  synchronized void revoke(Grant grant) {
    grant.revoked = true;
  }

  /** Ends all that an account gave. */
  synchronized void revoke(String account) {
    grants.stream()
        .filter(grant -> grant.code().account().equals(account))
        .forEach(grant -> grant.revoked = true);
  }

  /** Ends the access tokens of a grant, and nothing else of it. */
  synchronized void endAccess(Grant grant) {
    access.values().removeIf(each -> each.grant().equals(Optional.of(grant)));
  }

  synchronized Optional<Access> access(String accessToken, Instant now) {
    return Optional.ofNullable(access.get(accessToken)).filter(each -> each.isGood(now));
  }

  synchronized List<Grant> grants() {
    return List.copyOf(grants);
  }
}
