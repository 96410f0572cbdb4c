package org.tokenbroker.connection.store;

import java.time.Instant;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.tokenbroker.connection.Term;

/** Writes what is known of an agreement's term; an absent one changes nothing. */
public final class TermColumns {
  /**
   * For an UPDATE of table {@code connection} with the parameters {@code agreedAt}, {@code endsAt}
   * and {@code refreshable}. A warning stays as long as the agreement that it was raised for,
   * unless its end moves away ({@link Term#ANOTHER_END}). Read from the row, where another replica
   * may just have noted it.
   */
  public static final String ASSIGNMENTS =
      """
      consent_ends_at = CASE WHEN :agreedAt = '' THEN consent_ends_at ELSE CAST(NULLIF(:endsAt, '') AS timestamptz) END,
      consent_warned_at = CASE WHEN :agreedAt = '' THEN consent_warned_at
        WHEN agreed_at = CAST(NULLIF(:agreedAt, '') AS timestamptz)
          AND (consent_ends_at + make_interval(secs => %s) < CAST(NULLIF(:endsAt, '') AS timestamptz)) IS NOT TRUE THEN consent_warned_at END,
      refreshable = CASE WHEN :agreedAt = '' THEN refreshable ELSE CAST(:refreshable AS boolean) END,
      agreed_at = COALESCE(CAST(NULLIF(:agreedAt, '') AS timestamptz), agreed_at)"""
          .formatted(Term.ANOTHER_END.toSeconds());

  private TermColumns() {}

  public static <T> Mutiny.SelectionQuery<T> set(
      Mutiny.SelectionQuery<T> query, Optional<Term> term) {
    return query
        .setParameter("agreedAt", term.map(Term::agreedAt).map(Instant::toString).orElse(""))
        .setParameter("refreshable", term.map(Term::refreshable).orElse(false))
        .setParameter("endsAt", term.flatMap(Term::endsAt).map(Instant::toString).orElse(""));
  }
}
