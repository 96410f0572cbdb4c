package org.tokenbroker.safe.embedded;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/**
 * The AES-256-GCM key of the embedded safe, as a Tink keyset in a file that only its owner can
 * read.
 */
final class KeyFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;

  KeyFile(Path path) {
    this.path = path;
  }

  /**
   * The key in the file, made by the first call of all.
   *
   * @throws IllegalStateException if the file cannot be made or read, holds no key, or is open to
   *     others; names the file and the fix
   */
  Aead open() {
    try {
      AeadConfig.register();
      createUnlessThere();
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      if (!OWNER_ONLY.containsAll(permissions)) {
        throw new IllegalStateException(
            "the key file "
                + path
                + " is open to others ("
                + PosixFilePermissions.toString(permissions)
                + "): run chmod 600 on it");
      }
      return TinkJsonProtoKeysetFormat.parseKeyset(
              Files.readString(path), InsecureSecretKeyAccess.get())
          .getPrimitive(RegistryConfiguration.get(), Aead.class);
    } catch (IOException unreadable) {
      throw new IllegalStateException(
          "the key file "
              + path
              + " can neither be read nor made: set token-broker.sandbox.key-file to a writable place",
          unreadable);
    } catch (GeneralSecurityException noKey) {
      throw new IllegalStateException(
          "the key file "
              + path
              + " holds no usable key: restore it, or remove it together with the sandbox's data",
          noKey);
    }
  }

  /**
   * Written whole under another name and then linked, so that no start ever sees half a key or
   * replaces one.
   */
  private void createUnlessThere() throws IOException, GeneralSecurityException {
    if (Files.exists(path)) {
      return;
    }
    Path folder = Files.createDirectories(path.toAbsolutePath().getParent());
    Path draft =
        Files.createTempFile(
            folder, "key", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      KeysetHandle fresh = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
      String json = TinkJsonProtoKeysetFormat.serializeKeyset(fresh, InsecureSecretKeyAccess.get());
      Files.writeString(draft, json, StandardOpenOption.SYNC);
      Files.createLink(path, draft);
    } catch (FileAlreadyExistsException another) {
      return;
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
