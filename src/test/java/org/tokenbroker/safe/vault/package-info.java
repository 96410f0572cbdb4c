@NullMarked
package org.tokenbroker.safe.vault;

import org.jspecify.annotations.NullMarked;
