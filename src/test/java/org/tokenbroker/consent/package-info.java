@NullMarked
package org.tokenbroker.consent;

import org.jspecify.annotations.NullMarked;
