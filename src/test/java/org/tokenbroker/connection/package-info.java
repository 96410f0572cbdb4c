/** Keeping a credential, in scenes. */
@NullMarked
package org.tokenbroker.connection;

import org.jspecify.annotations.NullMarked;
