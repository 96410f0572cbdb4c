@NullMarked
package org.tokenbroker.consent.page;

import org.jspecify.annotations.NullMarked;
