/** What a browser sees of consent: plain HTML without script, on the browser door. */
@NullMarked
package org.tokenbroker.consent.page;

import org.jspecify.annotations.NullMarked;
