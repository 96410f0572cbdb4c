@NullMarked
package org.tokenbroker.platform.startup;

import org.jspecify.annotations.NullMarked;
