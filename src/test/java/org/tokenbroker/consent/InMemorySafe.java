package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;

/** A safe that keeps the contract of creating and destroying, and that a test can take down. */
final class InMemorySafe implements SecretSafe {
  private final Map<SafePath, SafeDocument> documents = new HashMap<>();
  private boolean down;

  void goDown() {
    down = true;
  }

  void comeBack() {
    down = false;
  }

  Map<SafePath, SafeDocument> documents() {
    return Map.copyOf(documents);
  }

  @Override
  public Uni<SafeRead> read(SafePath path) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return new SafeRead.Unavailable(SafeFault.UNREACHABLE);
              }
              return Optional.ofNullable(documents.get(path))
                  .<SafeRead>map(document -> new SafeRead.Found(document, new SafeVersion(1)))
                  .orElseGet(() -> new SafeRead.Absent(SafeVersion.ABSENT));
            });
  }

  @Override
  public Uni<SafeWrite> write(SafePath path, SafeDocument document, SafeVersion expected) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return new SafeWrite.Unavailable(SafeFault.UNREACHABLE);
              }
              return documents.putIfAbsent(path, document) == null
                  ? new SafeWrite.Written(new SafeVersion(1))
                  : new SafeWrite.Conflict();
            });
  }

  @Override
  public Uni<SafeDestroy> destroy(SafePath path) {
    return Uni.createFrom()
        .item(
            () -> {
              if (down) {
                return new SafeDestroy.Unavailable(SafeFault.UNREACHABLE);
              }
              documents.remove(path);
              return new SafeDestroy.Destroyed();
            });
  }
}
