package org.tokenbroker.consent;

import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/**
 * What an owner is asked to agree to.
 *
 * @param scopes what is asked for, the profile's required scopes included
 */
public record ConsentSubject(
    ConnectionId connection, TenantId tenant, RegistrationId registration, Scopes scopes) {}
