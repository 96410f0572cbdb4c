/** Leases on a real PostgreSQL. */
@NullMarked
package org.tokenbroker.refresh.store;

import org.jspecify.annotations.NullMarked;
