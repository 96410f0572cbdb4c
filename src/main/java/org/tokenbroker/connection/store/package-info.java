/** The ledger in PostgreSQL. */
@NullMarked
package org.tokenbroker.connection.store;

import org.jspecify.annotations.NullMarked;
