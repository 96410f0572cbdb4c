/** What is kept for a customer: the connection, its health, its credential. */
@NullMarked
package org.tokenbroker.connection;

import org.jspecify.annotations.NullMarked;
