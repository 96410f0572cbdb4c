/** The management API of registrations and profiles. */
@NullMarked
package org.tokenbroker.provider.rest;

import org.jspecify.annotations.NullMarked;
