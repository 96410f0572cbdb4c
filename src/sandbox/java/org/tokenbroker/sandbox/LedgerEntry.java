package org.tokenbroker.sandbox;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One request to the token endpoint. Holds no secret: a presented token appears as a fingerprint.
 *
 * @param began position in the ledger's order of events at which the request was read
 * @param ended position at which it was answered or given up by either side; empty while it is open
 * @param beganAt the moment it was read
 * @param endedAt the moment it ended
 * @param clientId as claimed, empty where none was sent
 * @param grantType as sent, empty where none was sent
 * @param parameters names of the form parameters
 * @param presented what the presented refresh token was at that moment; empty for other grants
 * @param fingerprint first 16 hex digits of SHA-256 of the presented refresh token
 * @param grant the grant it belongs to, once known
 * @param account who gave that grant
 * @param issued whether tokens were issued, delivered or not
 * @param status HTTP status of the answer, 0 where none was sent
 * @param error {@code error} member of the answer
 * @param delivered whether the whole answer was handed to the network
 */
public record LedgerEntry(
    long began,
    OptionalLong ended,
    Instant beganAt,
    Optional<Instant> endedAt,
    String clientId,
    String grantType,
    Set<String> parameters,
    Optional<Presented> presented,
    Optional<String> fingerprint,
    Optional<String> grant,
    Optional<String> account,
    boolean issued,
    int status,
    Optional<String> error,
    boolean delivered) {

  /** What a refresh token was when it was presented. */
  public enum Presented {
    /** The newest of its family. */
    NEWEST,
    /** Replaced by a newer one: a double spend. */
    SUPERSEDED,
    /** The newest, but past its life. */
    EXPIRED,
    /** Of a family that was revoked. */
    REVOKED,
    /** Never issued here, or to another client. */
    UNKNOWN
  }

  /** Whether both were in flight at the same time. */
  boolean overlaps(LedgerEntry other) {
    return began < other.ended.orElse(Long.MAX_VALUE) && other.began < ended.orElse(Long.MAX_VALUE);
  }

  boolean isRefresh() {
    return grantType.equals("refresh_token");
  }

  LedgerEntry presenting(
      String print, Presented what, Optional<String> ofGrant, Optional<String> byAccount) {
    return new LedgerEntry(
        began,
        ended,
        beganAt,
        endedAt,
        clientId,
        grantType,
        parameters,
        Optional.of(what),
        Optional.of(print),
        ofGrant,
        byAccount,
        issued,
        status,
        error,
        delivered);
  }

  LedgerEntry issuing(String ofGrant, String toAccount) {
    return new LedgerEntry(
        began,
        ended,
        beganAt,
        endedAt,
        clientId,
        grantType,
        parameters,
        presented,
        fingerprint,
        Optional.of(ofGrant),
        Optional.of(toAccount),
        true,
        status,
        error,
        delivered);
  }

  LedgerEntry answering(int sent, Optional<String> errorMember) {
    return new LedgerEntry(
        began,
        ended,
        beganAt,
        endedAt,
        clientId,
        grantType,
        parameters,
        presented,
        fingerprint,
        grant,
        account,
        issued,
        sent,
        errorMember,
        delivered);
  }

  LedgerEntry ending(long order, Instant at, boolean whole) {
    return new LedgerEntry(
        began,
        OptionalLong.of(order),
        beganAt,
        Optional.of(at),
        clientId,
        grantType,
        parameters,
        presented,
        fingerprint,
        grant,
        account,
        issued,
        status,
        error,
        whole);
  }
}
