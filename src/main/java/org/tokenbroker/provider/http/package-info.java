/**
 * Token and revocation endpoints over HTTP, on Quarkus OIDC Client, each provider behind its own
 * guard.
 */
@NullMarked
package org.tokenbroker.provider.http;

import org.jspecify.annotations.NullMarked;
