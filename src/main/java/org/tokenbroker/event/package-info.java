/**
 * What happened to connections and registrations: kept, listed, and told to webhooks, at least
 * once.
 */
@NullMarked
package org.tokenbroker.event;

import org.jspecify.annotations.NullMarked;
