package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.tokenbroker.safe.SafeDestroy;
import org.tokenbroker.safe.SafeFault;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeRead;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.safe.SafeWrite;
import org.tokenbroker.safe.SecretSafe;
import org.tokenbroker.token.ConnectionId;

/** Credentials in the safe, one document for each connection at {@code connections/<id>}. */
@ApplicationScoped
public class Credentials {
  private static final String FOLDER = "connections";

  private final SecretSafe safe;

  Credentials(SecretSafe safe) {
    this.safe = safe;
  }

  public Uni<CredentialRead> read(ConnectionId id) {
    return safe.read(path(id)).map(Credentials::decoded);
  }

  /**
   * @param expected the version that was read
   */
  public Uni<SafeWrite> write(ConnectionId id, Credential credential, SafeVersion expected) {
    return safe.write(path(id), CredentialCodec.encode(credential), expected);
  }

  public Uni<SafeDestroy> destroy(ConnectionId id) {
    return safe.destroy(path(id));
  }

  /**
   * What was written since stays.
   *
   * @param version the version that was read
   */
  public Uni<SafeDestroy> destroyUpTo(ConnectionId id, SafeVersion version) {
    return safe.destroyBefore(path(id), new SafeVersion(version.value() + 1));
  }

  private static SafePath path(ConnectionId id) {
    return SafePath.of(FOLDER, id.value());
  }

  private static CredentialRead decoded(SafeRead read) {
    return switch (read) {
      case SafeRead.Found found ->
          CredentialCodec.decode(found.document())
              .<CredentialRead>map(
                  credential -> new CredentialRead.Found(credential, found.version()))
              .orElseGet(() -> new CredentialRead.Unavailable(SafeFault.CORRUPT));
      case SafeRead.Absent absent -> new CredentialRead.Absent(absent.version());
      case SafeRead.Unavailable unavailable -> new CredentialRead.Unavailable(unavailable.fault());
    };
  }
}
