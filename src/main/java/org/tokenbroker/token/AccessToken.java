package org.tokenbroker.token;

/**
 * One access token as a provider issued it.
 *
 * @param value the token itself
 * @param type RFC 6749 §7.1 token type as it is sent, for example {@code Bearer}
 * @param scopes what the provider granted
 * @param lifetime when it was issued and when it ends
 * @param generation its number among the tokens of its connection, at least 1
 */
public record AccessToken(
    Secret value, String type, Scopes scopes, Lifetime lifetime, Generation generation)
    implements Servable {}
