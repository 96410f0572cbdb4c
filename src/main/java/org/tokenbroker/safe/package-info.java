/** Where secrets rest: versioned documents with check-and-set writes. */
@NullMarked
package org.tokenbroker.safe;

import org.jspecify.annotations.NullMarked;
