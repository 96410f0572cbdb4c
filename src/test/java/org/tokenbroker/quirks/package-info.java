/** Which quirk of which provider is proven where. */
@NullMarked
package org.tokenbroker.quirks;

import org.jspecify.annotations.NullMarked;
