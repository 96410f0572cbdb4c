package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.consent.GrantKeeper.GrantId;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.Secret;

/**
 * The secrets of an attempt, in the safe at {@code consents/{grant}} from its start until its end.
 */
@ApplicationScoped
class AttemptSecrets {
  private static final String TICKET = "ticket";
  private static final String CODE_VERIFIER = "code_verifier";

  private final SecretSafe safe;
  private final Attempts attempts;

  AttemptSecrets(SecretSafe safe, Attempts attempts) {
    this.safe = safe;
    this.attempts = attempts;
  }

  /** Anything but {@code DONE} also tells that the safe cannot be written now. */
  Uni<Stored> put(GrantId grant, Contents contents) {
    Map<String, String> fields = new HashMap<>();
    fields.put(TICKET, contents.ticket().reveal());
    contents.codeVerifier().ifPresent(verifier -> fields.put(CODE_VERIFIER, verifier.reveal()));
    return safe.write(path(grant), new SafeDocument(fields), SafeVersion.ABSENT)
        .map(
            write ->
                switch (write) {
                  case SafeWrite.Written written -> Stored.DONE;
                  case SafeWrite.Conflict conflict -> Stored.UNAVAILABLE;
                  case SafeWrite.Unavailable unavailable -> Stored.UNAVAILABLE;
                });
  }

  Uni<Reading> get(GrantId grant) {
    return safe.read(path(grant))
        .map(
            read ->
                switch (read) {
                  case SafeRead.Found found -> read(found.document());
                  case SafeRead.Absent absent -> new Reading.Gone();
                  case SafeRead.Unavailable unavailable -> new Reading.Unavailable();
                });
  }

  /** Destroys them; what cannot be destroyed now stays on the list of leftovers. */
  Uni<Void> destroy(GrantId grant) {
    return safe.destroy(path(grant))
        .chain(
            destroy ->
                switch (destroy) {
                  case SafeDestroy.Destroyed destroyed ->
                      attempts.secretsGone(grant).replaceWithVoid();
                  case SafeDestroy.Unavailable unavailable -> Uni.createFrom().voidItem();
                });
  }

  private static Reading read(SafeDocument document) {
    return document
        .field(TICKET)
        .<Reading>map(
            ticket ->
                new Reading.Read(
                    new Contents(Secret.of(ticket), document.field(CODE_VERIFIER).map(Secret::of))))
        .orElseGet(Reading.Gone::new);
  }

  private static SafePath path(GrantId grant) {
    return SafePath.of("consents", grant.id());
  }

  /**
   * @param ticket lets the pages offer a way to start again, although only its fingerprint is in
   *     PostgreSQL
   * @param codeVerifier RFC 7636 §4.1; absent where the profile uses no PKCE
   */
  record Contents(Secret ticket, Optional<Secret> codeVerifier) {}

  /** Outcome of {@link #get}. */
  sealed interface Reading {
    record Read(Contents contents) implements Reading {}

    /** Destroyed: the attempt has ended. */
    record Gone() implements Reading {}

    record Unavailable() implements Reading {}
  }
}
