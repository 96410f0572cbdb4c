package org.tokenbroker.platform.door;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The key that a TLS server presents, exchangeable while handshakes are under way (G9): a handshake
 * reads key and chain apart, and gets both from the store of its first question.
 */
final class ServerKey extends X509ExtendedKeyManager {
  private static final char NUMBER_ENDS = ':';

  private volatile @Nullable Store newest;

  /** Aliases carry the store's number. A handshake takes no longer than the store before lives. */
  private record Store(
      long number, X509ExtendedKeyManager keys, @Nullable X509ExtendedKeyManager before) {
    @Nullable String numbered(@Nullable String alias) {
      return alias == null ? null : number + Character.toString(NUMBER_ENDS) + alias;
    }

    @Nullable X509ExtendedKeyManager of(long asked) {
      return asked == number ? keys : before;
    }
  }

  /** Handshakes that begin from now on get this one. */
  synchronized void present(X509ExtendedKeyManager next) {
    Store last = newest;
    newest =
        last == null ? new Store(0, next, null) : new Store(last.number() + 1, next, last.keys());
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    Store store = newest;
    return store == null
        ? null
        : store.numbered(store.keys().chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    Store store = newest;
    return store == null
        ? null
        : store.numbered(store.keys().chooseServerAlias(keyType, issuers, socket));
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return store(alias).map(keys -> keys.getCertificateChain(withoutNumber(alias))).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return store(alias).map(keys -> keys.getPrivateKey(withoutNumber(alias))).orElse(null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    Store store = newest;
    String[] aliases = store == null ? null : store.keys().getServerAliases(keyType, issuers);
    if (store == null || aliases == null) {
      return null;
    }
    return Arrays.stream(aliases).map(store::numbered).toArray(String[]::new);
  }

  /** A server's key is no client's. */
  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  /** A server's key is no client's. */
  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  private Optional<X509ExtendedKeyManager> store(String alias) {
    Store store = newest;
    return store == null
        ? Optional.empty()
        : Optional.ofNullable(
            store.of(Long.parseLong(alias.substring(0, alias.indexOf(NUMBER_ENDS)))));
  }

  private static String withoutNumber(String alias) {
    return alias.substring(alias.indexOf(NUMBER_ENDS) + 1);
  }
}
