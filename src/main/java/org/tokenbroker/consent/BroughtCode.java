package org.tokenbroker.consent;

import java.net.URI;
import java.util.Optional;
import org.tokenbroker.token.Secret;

/**
 * An authorization code that somebody fetched at the provider and an operator brings (IV-4).
 *
 * @param redirectUri the one that the authorization request sent; absent where it sent none
 * @param state of the consent link through which it was fetched, where it was: the code is bound to
 *     the code verifier of that request (RFC 7636)
 */
public record BroughtCode(Secret code, Optional<URI> redirectUri, Optional<Secret> state) {}
