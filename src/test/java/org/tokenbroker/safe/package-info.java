@NullMarked
package org.tokenbroker.safe;

import org.jspecify.annotations.NullMarked;
