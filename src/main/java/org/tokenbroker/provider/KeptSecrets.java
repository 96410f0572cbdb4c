package org.tokenbroker.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.token.Secret;

/**
 * What a registration keeps in the safe.
 *
 * @param clientId RFC 6749 §2.2
 * @param clientSecret for the methods that prove our client by a secret
 * @param keys private keys, by no order; which of them signs is told by the ledger
 */
public record KeptSecrets(Secret clientId, Optional<Secret> clientSecret, List<SigningKey> keys) {
  public KeptSecrets {
    keys = List.copyOf(keys);
  }

  public Optional<SigningKey> key(String keyId) {
    return keys.stream().filter(key -> key.keyId().equals(keyId)).findFirst();
  }

  /** Whether a key of that name, if there is one, is this one. */
  boolean agreesOn(SigningKey key) {
    return key(key.keyId()).map(key::equals).orElse(true);
  }

  /** With one key more, in place of one of the same name. */
  KeptSecrets with(SigningKey key) {
    if (keys.contains(key)) {
      return this;
    }
    List<SigningKey> more = new ArrayList<>(without(Set.of(key.keyId())).keys());
    more.add(key);
    return new KeptSecrets(clientId, clientSecret, more);
  }

  KeptSecrets without(Set<String> keyIds) {
    return new KeptSecrets(
        clientId,
        clientSecret,
        keys.stream().filter(key -> !keyIds.contains(key.keyId())).toList());
  }

  /**
   * What a call needs.
   *
   * @param signing absent: no key is used
   */
  ClientSecrets inUse(Optional<Registration.Signing> signing) {
    return new ClientSecrets(
        clientId,
        clientSecret,
        signing.map(Registration.Signing::keyId).flatMap(this::key).map(SigningKey::jwk));
  }
}
