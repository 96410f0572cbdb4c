package org.tokenbroker.provider;

import java.util.Optional;
import org.tokenbroker.provider.Profile.Revoke.TokenKind;
import org.tokenbroker.token.Secret;

/**
 * One token to be revoked (RFC 7009 §2.1).
 *
 * @param kind goes out as {@code token_type_hint}
 * @param accessToken the connection's, for a profile whose revocation is proven by it
 */
public record Revocation(Secret token, TokenKind kind, Optional<Secret> accessToken) {}
