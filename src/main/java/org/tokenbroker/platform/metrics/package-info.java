/** Metrics about the replica itself. Each chapter counts what it does. */
@NullMarked
package org.tokenbroker.platform.metrics;

import org.jspecify.annotations.NullMarked;
