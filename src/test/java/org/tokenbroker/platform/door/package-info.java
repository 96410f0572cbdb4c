@NullMarked
package org.tokenbroker.platform.door;

import org.jspecify.annotations.NullMarked;
