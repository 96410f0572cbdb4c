/** How a credential stays fresh: when it is due, who may refresh it, how the outcome is kept. */
@NullMarked
package org.tokenbroker.refresh;

import org.jspecify.annotations.NullMarked;
