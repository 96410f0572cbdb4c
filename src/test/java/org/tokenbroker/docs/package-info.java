/**
 * What is written for users holds: pages generated from the code, and commands as they stand there.
 */
@NullMarked
package org.tokenbroker.docs;

import org.jspecify.annotations.NullMarked;
