/** Refreshing, in scenes. */
@NullMarked
package org.tokenbroker.refresh;

import org.jspecify.annotations.NullMarked;
