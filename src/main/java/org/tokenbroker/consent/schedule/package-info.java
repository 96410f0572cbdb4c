/** Clears consent leftovers away at intervals. */
@NullMarked
package org.tokenbroker.consent.schedule;

import org.jspecify.annotations.NullMarked;
