/** The event chapter's decisions and services, without a container. */
@NullMarked
package org.tokenbroker.event;

import org.jspecify.annotations.NullMarked;
