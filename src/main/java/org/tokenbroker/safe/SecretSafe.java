package org.tokenbroker.safe;

import io.smallrye.mutiny.Uni;

/**
 * Where secret material rests (K-2). Every failure is a value: the returned {@link Uni}s fail only
 * on programming errors. Each call is bounded in time by the adapter.
 *
 * <ol>
 *   <li>A write takes place only if the path's current version equals the expected one
 *       (check-and-set).
 *   <li>A document that was written is returned whole by each later read until it is overwritten or
 *       destroyed.
 *   <li>After {@link #destroy}, no version of the document can be read by anyone.
 *   <li>After {@link #destroyBefore}, no version before the given one can be read by anyone.
 *   <li>No exception, log line or {@code toString} of an adapter holds a value of a document.
 * </ol>
 */
public interface SecretSafe {
  Uni<SafeRead> read(SafePath path);

  /**
   * @param expected the version that the caller read, or {@link SafeVersion#ABSENT} to create
   */
  Uni<SafeWrite> write(SafePath path, SafeDocument document, SafeVersion expected);

  Uni<SafeDestroy> destroy(SafePath path);

  /**
   * Destroys what the document held before. Idempotent.
   *
   * @param version it and later ones stay; where the newest is before it, the document is gone
   */
  Uni<SafeDestroy> destroyBefore(SafePath path, SafeVersion version);
}
