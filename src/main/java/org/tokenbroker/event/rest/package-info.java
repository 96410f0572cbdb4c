/** The management API's events and webhooks. */
@NullMarked
package org.tokenbroker.event.rest;

import org.jspecify.annotations.NullMarked;
