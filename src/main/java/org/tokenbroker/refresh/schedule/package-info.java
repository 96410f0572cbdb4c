/** The sweep that keeps everything fresh in time. */
@NullMarked
package org.tokenbroker.refresh.schedule;

import org.jspecify.annotations.NullMarked;
