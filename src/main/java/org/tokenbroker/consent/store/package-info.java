/** Consent links and attempts in PostgreSQL, by Hibernate Reactive. */
@NullMarked
package org.tokenbroker.consent.store;

import org.jspecify.annotations.NullMarked;
