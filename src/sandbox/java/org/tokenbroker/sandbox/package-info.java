/**
 * The broker's counterparts, real enough to run against: a certificate authority, a strict
 * authorization server, a PostgreSQL. Used by the sandbox build and by the tests; never part of the
 * production jar.
 */
@NullMarked
package org.tokenbroker.sandbox;

import org.jspecify.annotations.NullMarked;
