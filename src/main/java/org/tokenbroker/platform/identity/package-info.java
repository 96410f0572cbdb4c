/** Who calls: the identity that a client certificate proves. */
@NullMarked
package org.tokenbroker.platform.identity;

import org.jspecify.annotations.NullMarked;
