package org.tokenbroker.token;

/**
 * A static key of the operator's own organization (BE-1, MK-3): it has no end, and nothing renews
 * it but a new one.
 *
 * @param value the key itself
 * @param scopes what it is good for, as whoever put it said (MK-10)
 * @param generation its number among the keys of its connection, at least 1
 */
public record ApiKey(Secret value, Scopes scopes, Generation generation) implements Servable {}
