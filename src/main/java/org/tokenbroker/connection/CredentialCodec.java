package org.tokenbroker.connection;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

/**
 * Writes a credential as a document of the safe and reads it back. Times are ISO 8601 in UTC. Field
 * {@code format} tells the layout; this one is 1.
 */
final class CredentialCodec {
  private static final String FORMAT = "1";
  private static final String FACT = "fact_";

  private CredentialCodec() {}

  static SafeDocument encode(Credential credential) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("format", FORMAT);
    credential.grant().ifPresent(grant -> put(fields, "grant", grant));
    credential.awaited().ifPresent(grant -> put(fields, "awaited", grant));
    credential.accessToken().ifPresent(token -> put(fields, token));
    credential.refreshToken().ifPresent(token -> put(fields, token));
    credential.pending().ifPresent(call -> put(fields, call));
    credential.facts().forEach((name, fact) -> fields.put(FACT + name, fact));
    return new SafeDocument(fields);
  }

  /** Empty where the document is not one of this format: it is then left alone. */
  static Optional<Credential> decode(SafeDocument document) {
    if (!document.field("format").equals(Optional.of(FORMAT))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Credential(
              grant(document, "grant"),
              accessToken(document),
              refreshToken(document),
              pending(document),
              grant(document, "awaited"),
              facts(document)));
    } catch (DateTimeException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static void put(Map<String, String> fields, String prefix, Grant grant) {
    fields.put(prefix + "_id", grant.id());
    fields.put(prefix + "_started_at", grant.startedAt().toString());
    grant.redirectUri().ifPresent(uri -> fields.put(prefix + "_redirect_uri", uri.toString()));
  }

  private static void put(Map<String, String> fields, AccessToken token) {
    fields.put("access_token", token.value().reveal());
    fields.put("token_type", token.type());
    fields.put("scope", token.scopes().toString());
    fields.put("issued_at", token.lifetime().issuedAt().toString());
    fields.put("expires_at", token.lifetime().expiresAt().toString());
    fields.put("generation", token.generation().toString());
  }

  private static void put(Map<String, String> fields, RefreshToken token) {
    fields.put("refresh_token", token.value().reveal());
    fields.put("refresh_token_number", Long.toString(token.number()));
    token.expiresAt().ifPresent(end -> fields.put("refresh_token_expires_at", end.toString()));
    fields.put("refresh_token_end_stays", Boolean.toString(token.endStays()));
  }

  private static void put(Map<String, String> fields, PendingCall call) {
    fields.put("pending_attempt", call.attempt());
    fields.put("pending_epoch", Long.toString(call.epoch()));
    fields.put("pending_sent_at", call.sentAt().toString());
    fields.put("pending_refresh_token_number", Long.toString(call.refreshTokenNumber()));
    fields.put("pending_presentations", Integer.toString(call.presentations()));
  }

  private static Optional<Grant> grant(SafeDocument document, String prefix) {
    return document
        .field(prefix + "_id")
        .map(
            id ->
                new Grant(
                    id,
                    instant(document, prefix + "_started_at"),
                    document.field(prefix + "_redirect_uri").map(URI::create)));
  }

  private static Optional<AccessToken> accessToken(SafeDocument document) {
    return document
        .field("access_token")
        .map(
            value ->
                new AccessToken(
                    Secret.of(value),
                    text(document, "token_type"),
                    Scopes.parse(text(document, "scope")),
                    new Lifetime(instant(document, "issued_at"), instant(document, "expires_at")),
                    new Generation(number(document, "generation"))));
  }

  private static Optional<RefreshToken> refreshToken(SafeDocument document) {
    return document
        .field("refresh_token")
        .map(
            value ->
                new RefreshToken(
                    Secret.of(value),
                    number(document, "refresh_token_number"),
                    document.field("refresh_token_expires_at").map(Instant::parse),
                    document.field("refresh_token_end_stays").filter("true"::equals).isPresent()));
  }

  private static Optional<PendingCall> pending(SafeDocument document) {
    return document
        .field("pending_attempt")
        .map(
            attempt ->
                new PendingCall(
                    attempt,
                    number(document, "pending_epoch"),
                    instant(document, "pending_sent_at"),
                    number(document, "pending_refresh_token_number"),
                    Math.toIntExact(number(document, "pending_presentations"))));
  }

  private static Map<String, String> facts(SafeDocument document) {
    return document.fields().entrySet().stream()
        .filter(field -> field.getKey().startsWith(FACT))
        .collect(
            Collectors.toUnmodifiableMap(
                field -> field.getKey().substring(FACT.length()), Map.Entry::getValue));
  }

  private static Instant instant(SafeDocument document, String field) {
    return Instant.parse(text(document, field));
  }

  private static long number(SafeDocument document, String field) {
    return Long.parseLong(text(document, field));
  }

  private static String text(SafeDocument document, String field) {
    return document
        .field(field)
        .orElseThrow(() -> new IllegalArgumentException("field " + field + " is missing"));
  }
}
