/** Events, webhooks and the outbox in PostgreSQL. */
@NullMarked
package org.tokenbroker.event.store;

import org.jspecify.annotations.NullMarked;
