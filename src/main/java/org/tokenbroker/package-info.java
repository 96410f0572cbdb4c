/**
 * The token broker: keeps OAuth2 credentials, refreshes access tokens before they expire, serves
 * them over mTLS.
 */
@NullMarked
package org.tokenbroker;

import org.jspecify.annotations.NullMarked;
