@NullMarked
package org.tokenbroker.platform.health;

import org.jspecify.annotations.NullMarked;
