/** The scripts that a newcomer meets first. */
@NullMarked
package org.tokenbroker.build;

import org.jspecify.annotations.NullMarked;
