/** Events and webhooks through the broker's TLS door. */
@NullMarked
package org.tokenbroker.event.rest;

import org.jspecify.annotations.NullMarked;
