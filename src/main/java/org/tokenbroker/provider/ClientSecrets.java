package org.tokenbroker.provider;

import java.util.Optional;
import org.tokenbroker.token.Secret;

/**
 * What a registration keeps in the safe.
 *
 * @param clientId RFC 6749 §2.2
 * @param clientSecret for the methods {@code client_secret_basic}, {@code client_secret_post} and
 *     {@code client_secret_jwt}
 * @param privateKey for {@code private_key_jwt}: a private JWK (RFC 7517) as JSON text
 */
public record ClientSecrets(
    Secret clientId, Optional<Secret> clientSecret, Optional<Secret> privateKey) {}
