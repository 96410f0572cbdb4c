@NullMarked
package org.tokenbroker.deploy;

import org.jspecify.annotations.NullMarked;
