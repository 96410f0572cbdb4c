package org.tokenbroker.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Everything that was asked of the token endpoint, in the order in which it happened. The order is
 * a counter and not a clock, so that "in flight at the same time" is exact under a test's clock
 * too.
 */
public final class TokenLedger {
  private final InstantSource time;
  private final TreeMap<Long, LedgerEntry> entries = new TreeMap<>();
  private long order;

  TokenLedger(InstantSource time) {
    this.time = time;
  }

  /** Two refreshes of one grant that were in flight together. */
  public record Overlap(LedgerEntry first, LedgerEntry second) {}

  /** All requests since the start or the last {@link #clear}, oldest first. */
  public synchronized List<LedgerEntry> requests() {
    return List.copyOf(entries.values());
  }

  /** The presentations of a refresh token, oldest first. */
  public List<LedgerEntry> refreshes() {
    return requests().stream().filter(LedgerEntry::isRefresh).toList();
  }

  /** The presentations of a refresh token of a grant that this account gave, oldest first. */
  public List<LedgerEntry> refreshesOf(String account) {
    return refreshes().stream()
        .filter(entry -> entry.account().equals(Optional.of(account)))
        .toList();
  }

  /** How many requests came with this {@code grant_type}. */
  public long count(String grantType) {
    return requests().stream().filter(entry -> entry.grantType().equals(grantType)).count();
  }

  /** Refreshes of one grant that were in flight together: X-3 says there are none. */
  public List<Overlap> overlaps() {
    List<LedgerEntry> refreshes =
        refreshes().stream().filter(entry -> entry.grant().isPresent()).toList();
    List<Overlap> found = new ArrayList<>();
    for (int i = 0; i < refreshes.size(); i++) {
      LedgerEntry first = refreshes.get(i);
      refreshes.stream()
          .skip(i + 1L)
          .filter(second -> second.grant().equals(first.grant()) && first.overlaps(second))
          .forEach(second -> found.add(new Overlap(first, second)));
    }
    return found;
  }

  /** Presentations of a refresh token that had been replaced already: double spends (G-1). */
  public List<LedgerEntry> reuse() {
    return matching(
        entry -> entry.presented().equals(Optional.of(LedgerEntry.Presented.SUPERSEDED)));
  }

  /**
   * Presentations of a refresh token after the same one had been answered {@code invalid_grant}
   * (invariant I5).
   */
  public List<LedgerEntry> presentedAgainAfterInvalidGrant() {
    Set<String> refused = new HashSet<>();
    return refreshes().stream()
        .filter(entry -> entry.fingerprint().isPresent())
        .filter(
            entry -> {
              String token = entry.fingerprint().orElseThrow();
              boolean again = refused.contains(token);
              if (entry.error().equals(Optional.of("invalid_grant"))) {
                refused.add(token);
              }
              return again;
            })
        .toList();
  }

  /** Requests still waiting for their answer. */
  public List<LedgerEntry> open() {
    return matching(entry -> entry.ended().isEmpty());
  }

  /** Forgets what has ended; open requests stay. */
  public synchronized void clear() {
    entries.values().removeIf(entry -> entry.ended().isPresent());
  }

  /** The fingerprint under which a token appears in this ledger. */
  public static String fingerprint(String token) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  synchronized long begin(String clientId, String grantType, Set<String> parameters) {
    long id = order++;
    entries.put(
        id,
        new LedgerEntry(
            id,
            OptionalLong.empty(),
            time.instant(),
            Optional.empty(),
            clientId,
            grantType,
            Set.copyOf(parameters),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            0,
            Optional.empty(),
            false));
    return id;
  }

  void presented(
      long id,
      String token,
      LedgerEntry.Presented what,
      Optional<String> grant,
      Optional<String> account) {
    change(id, entry -> entry.presenting(fingerprint(token), what, grant, account));
  }

  void issued(long id, String grant, String account) {
    change(id, entry -> entry.issuing(grant, account));
  }

  void answered(long id, int status, Optional<String> error) {
    change(id, entry -> entry.answering(status, error));
  }

  /** The first end counts: a connection that closes after its answer changes nothing. */
  synchronized void ended(long id, boolean delivered) {
    change(
        id,
        entry ->
            entry.ended().isPresent() ? entry : entry.ending(order++, time.instant(), delivered));
  }

  private synchronized void change(long id, UnaryOperator<LedgerEntry> to) {
    entries.computeIfPresent(id, (key, entry) -> to.apply(entry));
  }

  private List<LedgerEntry> matching(Predicate<LedgerEntry> condition) {
    return requests().stream().filter(condition).toList();
  }
}
