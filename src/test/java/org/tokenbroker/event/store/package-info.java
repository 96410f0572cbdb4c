/** The event chapter's tables on a real PostgreSQL. */
@NullMarked
package org.tokenbroker.event.store;

import org.jspecify.annotations.NullMarked;
