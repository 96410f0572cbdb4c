/**
 * The house rules that a machine can hold: chapters, clean roots, time, names, and what may be in
 * the production jar.
 */
@NullMarked
package org.tokenbroker.architecture;

import org.jspecify.annotations.NullMarked;
