package org.tokenbroker.connection.store;

import org.hibernate.reactive.mutiny.Mutiny;
import org.tokenbroker.connection.Connection.Held;

/**
 * Sets the parameters {@code generation}, {@code issuedAt}, {@code expiresAt} and {@code granted}
 * of a statement.
 */
public final class HeldColumns {
  private HeldColumns() {}

  public static <T> Mutiny.SelectionQuery<T> set(Mutiny.SelectionQuery<T> query, Held held) {
    return query
        .setParameter("generation", held.generation().value())
        .setParameter("issuedAt", held.lifetime().issuedAt())
        .setParameter("expiresAt", held.lifetime().expiresAt())
        .setParameter("granted", held.granted().toString());
  }
}
