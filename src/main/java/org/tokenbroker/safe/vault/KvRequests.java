package org.tokenbroker.safe.vault;

import io.quarkus.vault.client.api.secrets.kv2.VaultSecretsKV2;
import io.quarkus.vault.client.api.secrets.kv2.VaultSecretsKV2RequestFactory;
import io.quarkus.vault.client.api.secrets.kv2.VaultSecretsKV2UpdateSecretOptions;
import io.quarkus.vault.client.common.VaultRequest;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.safe.SafeVersion;

/** The requests to the KV version 2 engine, below the broker's prefix. */
final class KvRequests {
  /**
   * Versions kept of a document: the one before a rotation must survive a crash in the middle of
   * it, older ones only pile up.
   */
  static final int MAX_VERSIONS = 3;

  /** How far back versions are destroyed. */
  private static final int OLDEST = 10;

  private static final Pattern FOLDERS =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");
  private static final VaultSecretsKV2RequestFactory KV = VaultSecretsKV2.FACTORY;

  private final String mount;
  private final String prefix;

  KvRequests(VaultSafeConfig config) {
    this.mount = folders("token-broker.safe.mount", config.mount());
    this.prefix = folders("token-broker.safe.prefix", config.prefix());
  }

  VaultRequest<?> read(SafePath path) {
    return KV.readSecret(mount, under(path));
  }

  VaultRequest<?> write(SafePath path, SafeDocument document, SafeVersion expected) {
    var options =
        new VaultSecretsKV2UpdateSecretOptions().setCas(Math.toIntExact(expected.value()));
    return KV.updateSecret(mount, under(path), options, Map.copyOf(document.fields()));
  }

  /** Creates or sets the metadata only; a document comes into being by its first write. */
  VaultRequest<?> configure(SafePath path) {
    return KV.updateSecretMetadata(mount, under(path), MAX_VERSIONS, true, null, null);
  }

  VaultRequest<?> destroy(SafePath path) {
    return KV.deleteSecretMetadata(mount, under(path));
  }

  /**
   * Versions that are gone already do no harm. A version that was kept is among the newest {@link
   * #MAX_VERSIONS}, unless somebody else wrote meanwhile: a few more are named for that case.
   */
  VaultRequest<?> destroyBefore(SafePath path, SafeVersion version) {
    int end = Math.toIntExact(version.value());
    List<Integer> versions = IntStream.range(Math.max(1, end - OLDEST), end).boxed().toList();
    return KV.destroySecretVersions(mount, under(path), versions);
  }

  /** What the token may do to a document below the prefix. */
  VaultRequest<?> capabilities() {
    return VaultRequest.post("[SYS] Capabilities Self")
        .path("sys", "capabilities-self")
        .body(Map.of("paths", List.of(String.join("/", mount, "data", prefix, "probe"))))
        .expectOkStatus()
        .build();
  }

  private String under(SafePath path) {
    return prefix + "/" + path.value();
  }

  private static String folders(String property, String value) {
    if (!FOLDERS.matcher(value).matches()) {
      throw new IllegalArgumentException(
          property
              + " must be folder names of letters, digits, '.', '_' and '-', joined by '/', without a '/' at its ends");
    }
    return value;
  }
}
