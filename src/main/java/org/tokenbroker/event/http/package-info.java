/** Posting to webhooks over HTTPS. */
@NullMarked
package org.tokenbroker.event.http;

import org.jspecify.annotations.NullMarked;
