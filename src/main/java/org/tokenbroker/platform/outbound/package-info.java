/**
 * Where the broker's own calls may go: addresses that are nobody's but ours, the cluster's or the
 * cloud's are out of reach unless an operator allows them (C24).
 */
@NullMarked
package org.tokenbroker.platform.outbound;

import org.jspecify.annotations.NullMarked;
