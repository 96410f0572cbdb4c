@NullMarked
package org.tokenbroker.consent.store;

import org.jspecify.annotations.NullMarked;
