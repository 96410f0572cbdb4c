/** Addresses in and out of reach, and calls that are held back. */
@NullMarked
package org.tokenbroker.platform.outbound;

import org.jspecify.annotations.NullMarked;
