/** How a token is handed out: who asks, what they may have, what the answer says. */
@NullMarked
package org.tokenbroker.serve;

import org.jspecify.annotations.NullMarked;
