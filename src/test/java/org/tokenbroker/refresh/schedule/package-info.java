/** Leases on a real PostgreSQL. */
@NullMarked
package org.tokenbroker.refresh.schedule;

import org.jspecify.annotations.NullMarked;
