@NullMarked
package org.tokenbroker.provider.schedule;

import org.jspecify.annotations.NullMarked;
