@NullMarked
package org.tokenbroker.platform.identity;

import org.jspecify.annotations.NullMarked;
