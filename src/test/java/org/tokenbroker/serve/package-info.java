@NullMarked
package org.tokenbroker.serve;

import org.jspecify.annotations.NullMarked;
