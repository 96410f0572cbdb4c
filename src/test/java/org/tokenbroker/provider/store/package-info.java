@NullMarked
package org.tokenbroker.provider.store;

import org.jspecify.annotations.NullMarked;
