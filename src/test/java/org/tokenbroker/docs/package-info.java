/** Pages that are generated from the code, kept in the tree and compared by the build. */
@NullMarked
package org.tokenbroker.docs;

import org.jspecify.annotations.NullMarked;
