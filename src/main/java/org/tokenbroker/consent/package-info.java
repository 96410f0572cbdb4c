/** How an owner agrees: authorize URL, state, PKCE, callback. */
@NullMarked
package org.tokenbroker.consent;

import org.jspecify.annotations.NullMarked;
