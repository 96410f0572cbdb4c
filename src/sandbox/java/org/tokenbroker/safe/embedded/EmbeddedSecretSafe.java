package org.tokenbroker.safe.embedded;

import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.tokenbroker.safe.SafeActivity;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafeHealth;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeState;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;

/**
 * The safe for first runs and development: documents encrypted with AES-256-GCM in the table {@code
 * embedded_safe}. Takes the place of Vault in the sandbox build and is no part of any other.
 *
 * <p>One row per path, overwritten by each version. Destroying deletes the row; what PostgreSQL
 * keeps of it until it vacuums cannot be read without the key.
 */
@ApplicationScoped
@IfBuildProfile("sandbox")
public class EmbeddedSecretSafe implements SecretSafe, SafeHealth {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final String READ =
      "select version, ciphertext from embedded_safe where path = $1";
  private static final String CREATE =
      "insert into embedded_safe (path, version, ciphertext) values ($1, $2, $3) on conflict (path) do nothing";
  private static final String OVERWRITE =
      "update embedded_safe set version = $2, ciphertext = $3 where path = $1 and version = $2 - 1";
  private static final String DESTROY = "delete from embedded_safe where path = $1";
  private static final String DESTROY_BEFORE =
      "delete from embedded_safe where path = $1 and version < $2";
  private static final String MAY_WRITE =
      "select has_table_privilege('embedded_safe', 'insert, update') and not pg_is_in_recovery()";

  private final Pool pool;
  private final DocumentCipher cipher;
  private final InstantSource time;
  private final AtomicReference<SafeActivity> activity = new AtomicReference<>(SafeActivity.NONE);

  /**
   * @param pool reaches the database whose table {@code embedded_safe} holds the documents
   * @throws IllegalStateException if the key file is not given or not usable; names it and the fix
   */
  @Inject
  public EmbeddedSecretSafe(Pool pool, EmbeddedSafeConfig config, InstantSource time) {
    this(pool, keyFile(config), time);
  }

  public EmbeddedSecretSafe(Pool pool, Path keyFile, InstantSource time) {
    this.pool = pool;
    this.cipher = new DocumentCipher(new KeyFile(keyFile).open());
    this.time = time;
  }

  @Override
  public Uni<SafeRead> read(SafePath path) {
    return bounded(
            run(READ, Tuple.of(path.value())).map(rows -> readOutcome(path, rows)),
            SafeRead.Unavailable::new)
        .invoke(outcome -> note(past -> past.after(outcome, time.instant())));
  }

  @Override
  public Uni<SafeWrite> write(SafePath path, SafeDocument document, SafeVersion expected) {
    SafeVersion next = new SafeVersion(expected.value() + 1);
    Buffer sealed = Buffer.buffer(cipher.seal(path, next, document));
    String statement = expected.equals(SafeVersion.ABSENT) ? CREATE : OVERWRITE;
    Uni<SafeWrite> written =
        run(statement, Tuple.of(path.value(), next.value(), sealed))
            .map(rows -> writeOutcome(rows, next));
    return bounded(written, SafeWrite.Unavailable::new)
        .invoke(outcome -> note(past -> past.after(outcome, time.instant())));
  }

  @Override
  public Uni<SafeDestroy> destroy(SafePath path) {
    Uni<SafeDestroy> destroyed =
        run(DESTROY, Tuple.of(path.value())).map(rows -> new SafeDestroy.Destroyed());
    return bounded(destroyed, SafeDestroy.Unavailable::new)
        .invoke(outcome -> note(past -> past.after(outcome, time.instant())));
  }

  /** A document has one version. */
  @Override
  public Uni<SafeDestroy> destroyBefore(SafePath path, SafeVersion version) {
    Uni<SafeDestroy> destroyed =
        run(DESTROY_BEFORE, Tuple.of(path.value(), version.value()))
            .map(rows -> new SafeDestroy.Destroyed());
    return bounded(destroyed, SafeDestroy.Unavailable::new);
  }

  @Override
  public Uni<SafeState> probe() {
    return bounded(
            run(MAY_WRITE, Tuple.tuple()).map(EmbeddedSecretSafe::probeOutcome),
            SafeState.Unavailable::new)
        .invoke(state -> note(past -> past.after(state, time.instant())));
  }

  @Override
  public SafeActivity activity() {
    return activity.get();
  }

  private Uni<RowSet<Row>> run(String statement, Tuple values) {
    return pool.preparedQuery(statement).execute(values);
  }

  private SafeRead readOutcome(SafePath path, RowSet<Row> rows) {
    Iterator<Row> found = rows.iterator();
    if (!found.hasNext()) {
      return new SafeRead.Absent(SafeVersion.ABSENT);
    }
    Row row = found.next();
    SafeVersion version = new SafeVersion(row.getLong("version"));
    Optional<SafeDocument> document =
        cipher.open(path, version, row.getBuffer("ciphertext").getBytes());
    return document
        .<SafeRead>map(opened -> new SafeRead.Found(opened, version))
        .orElseGet(() -> new SafeRead.Unavailable(SafeFault.CORRUPT));
  }

  private static SafeWrite writeOutcome(RowSet<Row> rows, SafeVersion next) {
    return rows.rowCount() == 1 ? new SafeWrite.Written(next) : new SafeWrite.Conflict();
  }

  private static SafeState probeOutcome(RowSet<Row> rows) {
    return rows.iterator().next().getBoolean(0)
        ? new SafeState.Writable()
        : new SafeState.Unavailable(SafeFault.FORBIDDEN);
  }

  private static <T> Uni<T> bounded(Uni<T> call, Function<SafeFault, ? extends T> unavailable) {
    return call.ifNoItem()
        .after(TIMEOUT)
        .fail()
        .onFailure()
        .recoverWithItem(failure -> unavailable.apply(PostgresErrors.fault(failure)));
  }

  private static Path keyFile(EmbeddedSafeConfig config) {
    return config
        .keyFile()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "token-broker.sandbox.key-file is not set: name a file for the key"));
  }

  private void note(UnaryOperator<SafeActivity> outcome) {
    activity.updateAndGet(outcome);
  }
}
