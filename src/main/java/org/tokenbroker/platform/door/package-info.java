/** Which routes answer on which port, and how long a connection may stay open. */
@NullMarked
package org.tokenbroker.platform.door;

import org.jspecify.annotations.NullMarked;
