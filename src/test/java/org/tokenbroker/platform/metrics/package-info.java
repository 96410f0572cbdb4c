@NullMarked
package org.tokenbroker.platform.metrics;

import org.jspecify.annotations.NullMarked;
