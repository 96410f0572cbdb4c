/** The words. */
@NullMarked
package org.tokenbroker.token;

import org.jspecify.annotations.NullMarked;
