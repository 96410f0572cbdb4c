@NullMarked
package org.tokenbroker.serve.store;

import org.jspecify.annotations.NullMarked;
