/** The ledger on a real PostgreSQL. */
@NullMarked
package org.tokenbroker.connection.store;

import org.jspecify.annotations.NullMarked;
