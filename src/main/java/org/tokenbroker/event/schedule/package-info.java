/** What runs behind events: placing, delivering, forgetting, counting. */
@NullMarked
package org.tokenbroker.event.schedule;

import org.jspecify.annotations.NullMarked;
