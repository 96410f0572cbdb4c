/**
 * Which test proves which requirement: the list of ids, the record of each run, the table that the
 * build writes.
 */
@NullMarked
package org.tokenbroker.traceability;

import org.jspecify.annotations.NullMarked;
