package org.tokenbroker.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.sandbox.LedgerEntry.Presented;

/**
 * What the strict authorization server knows: grants with their codes, refresh tokens and access
 * tokens. Thread-safe.
 */
final class Grants {
  private final StrictOptions options;
  private final TokenLedger ledger;
  private final SecretMint mint;
  private final Map<String, Code> codes = new HashMap<>();
  private final Map<String, Family> families = new LinkedHashMap<>();
  private final Map<String, RefreshToken> refreshTokens = new HashMap<>();
  private final Map<String, Access> accessTokens = new HashMap<>();

  Grants(StrictOptions options, TokenLedger ledger) {
    this.options = options;
    this.ledger = ledger;
    this.mint = new SecretMint(options.marker());
  }

  /** What the resource may know of an access token. */
  record Access(
      String grant, String account, String clientId, Set<String> scopes, Instant expiresAt) {}

  /** What was issued. */
  record Issued(String accessToken, Optional<String> refreshToken, Set<String> scopes) {}

  /** What an owner agreed to, waiting for its exchange. */
  record Agreement(
      String clientId, String redirectUri, String challenge, Set<String> scopes, String account) {}

  private record Code(Agreement agreement, Instant issuedAt, Optional<String> spentFor) {}

  private record RefreshToken(String family, Instant issuedAt, Optional<Instant> supersededAt) {}

  private static final class Family {
    private final String id;
    private final String account;
    private final String clientId;
    private final Set<String> scopes;
    private boolean revoked;
    private @Nullable String newest;

    private Family(String id, String account, String clientId, Set<String> scopes) {
      this.id = id;
      this.account = account;
      this.clientId = clientId;
      this.scopes = scopes;
    }
  }

  synchronized String agree(Agreement agreement) {
    String code = mint.make("code");
    codes.put(code, new Code(agreement, options.time().instant(), Optional.empty()));
    return code;
  }

  /**
   * RFC 6749 §4.1.3 with RFC 7636 §4.6. A code is spent by its first presentation; a second one
   * revokes what the first gave.
   */
  synchronized Issued exchange(
      long entry, OAuthClient client, String value, String redirectUri, String verifier)
      throws OAuthError {
    Code code = codes.get(value);
    if (code == null || !code.agreement.clientId.equals(client.clientId())) {
      throw OAuthError.invalidGrant("unknown authorization code");
    }
    if (code.spentFor.isPresent()) {
      Optional.ofNullable(families.get(code.spentFor.get())).ifPresent(this::revoke);
      throw OAuthError.invalidGrant("authorization code was used before");
    }
    Agreement agreement = code.agreement;
    Family family =
        new Family(
            "g" + (families.size() + 1), agreement.account, client.clientId(), agreement.scopes);
    codes.put(value, new Code(agreement, code.issuedAt, Optional.of(family.id)));
    if (!options.time().instant().isBefore(code.issuedAt.plus(options.codeLife()))) {
      throw OAuthError.invalidGrant("authorization code has expired");
    }
    if (!agreement.redirectUri.equals(redirectUri)) {
      throw OAuthError.invalidGrant("redirect_uri differs from the one authorized");
    }
    if (!agreement.challenge.equals(challengeOf(verifier))) {
      throw OAuthError.invalidGrant("code_verifier does not match");
    }
    families.put(family.id, family);
    ledger.issued(entry, family.id, family.account);
    return issue(family, family.scopes, Optional.of(newRefreshToken(family)));
  }

  /** Notes in the ledger what a presented refresh token is, whatever becomes of the request. */
  synchronized void note(long entry, String value) {
    RefreshToken token = refreshTokens.get(value);
    Family family = token == null ? null : families.get(token.family);
    if (token == null || family == null) {
      ledger.presented(entry, value, Presented.UNKNOWN, Optional.empty(), Optional.empty());
    } else {
      ledger.presented(
          entry,
          value,
          stateOf(token, family),
          Optional.of(family.id),
          Optional.of(family.account));
    }
  }

  /** RFC 6749 §6 with the rotation of the options. */
  synchronized Issued refresh(
      long entry, OAuthClient client, String value, Optional<Set<String>> asked) throws OAuthError {
    RefreshToken token = refreshTokens.get(value);
    Family family = token == null ? null : families.get(token.family);
    if (token == null || family == null || !family.clientId.equals(client.clientId())) {
      throw OAuthError.invalidGrant("unknown refresh token");
    }
    switch (stateOf(token, family)) {
      case NEWEST -> {}
      case SUPERSEDED -> {
        if (!withinGrace(token)) {
          revoke(family);
          throw OAuthError.invalidGrant("refresh token was used before");
        }
      }
      case EXPIRED -> throw OAuthError.invalidGrant("refresh token has expired");
      case REVOKED -> throw OAuthError.invalidGrant("grant was revoked");
      case UNKNOWN -> throw new IllegalStateException("a token of a known family is known");
    }
    Set<String> scopes = asked.orElse(family.scopes);
    if (!family.scopes.containsAll(scopes)) {
      throw OAuthError.invalidScope("scope exceeds what was granted");
    }
    ledger.issued(entry, family.id, family.account);
    return issue(
        family,
        scopes,
        switch (options.rotation()) {
          case RotationMode.None none -> Optional.empty();
          case RotationMode.Grace grace -> Optional.of(newRefreshToken(family));
          case RotationMode.Strict strict -> Optional.of(newRefreshToken(family));
        });
  }

  /** RFC 6749 §4.4: no refresh token. Each grant is a family of its own. */
  synchronized Issued clientCredentials(long entry, OAuthClient client, Set<String> scopes) {
    Family family =
        new Family("g" + (families.size() + 1), client.clientId(), client.clientId(), scopes);
    families.put(family.id, family);
    ledger.issued(entry, family.id, family.account);
    return issue(family, scopes, Optional.empty());
  }

  /** The access token's facts while it is valid. */
  synchronized Optional<Access> valid(String accessToken) {
    return Optional.ofNullable(accessTokens.get(accessToken))
        .filter(access -> options.time().instant().isBefore(access.expiresAt))
        .filter(
            access ->
                Optional.ofNullable(families.get(access.grant))
                    .filter(family -> !family.revoked)
                    .isPresent());
  }

  /**
   * RFC 7009 §2.1: a refresh token takes its whole grant with it, an access token goes alone;
   * unknown tokens are fine.
   */
  synchronized void revokeToken(OAuthClient client, String value) {
    RefreshToken token = refreshTokens.get(value);
    Family family = token == null ? null : families.get(token.family);
    if (family != null && family.clientId.equals(client.clientId())) {
      revoke(family);
    }
    accessTokens.computeIfPresent(
        value, (key, access) -> access.clientId.equals(client.clientId()) ? null : access);
  }

  /** Revokes what this account gave; the number of grants it hit. */
  synchronized int revokeAccount(String account) {
    List<Family> hit =
        families.values().stream()
            .filter(family -> !family.revoked && family.account.equals(account))
            .toList();
    hit.forEach(this::revoke);
    return hit.size();
  }

  synchronized void revokeAll() {
    families.values().forEach(this::revoke);
  }

  /** The newest refresh token of each living grant of this account, oldest grant first. */
  synchronized List<String> newestRefreshTokens(String account) {
    List<String> newest = new ArrayList<>();
    for (Family family : families.values()) {
      if (!family.revoked && family.account.equals(account) && family.newest != null) {
        newest.add(family.newest);
      }
    }
    return newest;
  }

  /** Every code and token ever made here. */
  synchronized Set<String> made() {
    return mint.made();
  }

  private Presented stateOf(RefreshToken token, Family family) {
    if (family.revoked) {
      return Presented.REVOKED;
    }
    if (token.supersededAt.isPresent()) {
      return Presented.SUPERSEDED;
    }
    boolean expired =
        options
            .refreshTokenLife()
            .filter(life -> !options.time().instant().isBefore(token.issuedAt.plus(life)))
            .isPresent();
    return expired ? Presented.EXPIRED : Presented.NEWEST;
  }

  private boolean withinGrace(RefreshToken token) {
    return switch (options.rotation()) {
      case RotationMode.None none -> false;
      case RotationMode.Strict strict -> false;
      case RotationMode.Grace grace ->
          token
              .supersededAt
              .filter(since -> options.time().instant().isBefore(since.plus(grace.window())))
              .isPresent();
    };
  }

  private Issued issue(Family family, Set<String> scopes, Optional<String> refreshToken) {
    String accessToken = mint.make("at");
    accessTokens.put(
        accessToken,
        new Access(
            family.id,
            family.account,
            family.clientId,
            scopes,
            options.time().instant().plus(options.tokenLife())));
    return new Issued(accessToken, refreshToken, new TreeSet<>(scopes));
  }

  private String newRefreshToken(Family family) {
    Instant now = options.time().instant();
    if (family.newest != null) {
      refreshTokens.computeIfPresent(
          family.newest,
          (key, old) -> new RefreshToken(old.family, old.issuedAt, Optional.of(now)));
    }
    String token = mint.make("rt");
    refreshTokens.put(token, new RefreshToken(family.id, now, Optional.empty()));
    family.newest = token;
    return token;
  }

  private void revoke(Family family) {
    family.revoked = true;
  }

  private static String challengeOf(String verifier) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
