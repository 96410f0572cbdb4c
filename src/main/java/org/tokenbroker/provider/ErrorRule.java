package org.tokenbroker.provider;

import java.util.Optional;
import java.util.Set;

/**
 * What an error of this provider means. It fits where everything that it names fits.
 *
 * @param status HTTP status; default any
 * @param code error code, compared exactly; default any
 * @param text what the error's text starts with, for example {@code E1042:}; default any
 * @param on requests that it is about: {@code authorization_code}, {@code client_credentials},
 *     {@code refresh_token}; default all
 * @param means {@code terminal}: the owner has to agree again; {@code app}: our client is at fault;
 *     {@code unclear}: either of both, for {@code refresh_token} only; {@code transient}, {@code
 *     rate}: not processed; {@code scope}, {@code request}: configuration; {@code ambiguous}:
 *     perhaps processed; required
 */
public record ErrorRule(
    Optional<Integer> status,
    Optional<String> code,
    Optional<String> text,
    Set<RequestKind> on,
    Meaning means) {

  /** Whether the error is one of these. */
  public boolean fits(RequestKind request, int status, String code, String text) {
    return this.status.map(wanted -> wanted == status).orElse(true)
        && this.code.map(code::equals).orElse(true)
        && this.text.map(text.stripLeading()::startsWith).orElse(true)
        && (on.isEmpty() || on.contains(request));
  }

  /** What was asked for. */
  public enum RequestKind {
    AUTHORIZATION_CODE,
    CLIENT_CREDENTIALS,
    REFRESH_TOKEN
  }

  /** What an error says. */
  public enum Meaning {
    /** The grant is over: the owner has to agree again. */
    TERMINAL,
    /**
     * The grant is over or our client is at fault, and the answer does not tell which: the other
     * connections of the registration do (G-6). For {@code refresh_token} only.
     */
    UNCLEAR,
    /** Our client is at fault: an alarm for the registration, not for its connections (IV-10). */
    APP,
    /** Not processed: the same request may be sent again. */
    TRANSIENT,
    /** Not processed: the provider wants a pause. */
    RATE,
    /** The scopes are at fault: configuration. */
    SCOPE,
    /** The request is at fault: configuration. */
    REQUEST,
    /** It is open whether it was processed. */
    AMBIGUOUS
  }
}
