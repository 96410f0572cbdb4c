/** Deliveries to a real HTTPS receiver. */
@NullMarked
package org.tokenbroker.event.http;

import org.jspecify.annotations.NullMarked;
