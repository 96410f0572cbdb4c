/**
 * What the broker does for people, told from outside: the packaged application as a process, real
 * PostgreSQL, real OpenBao, providers over HTTPS, callers over mTLS.
 */
@NullMarked
package org.tokenbroker.story;

import org.jspecify.annotations.NullMarked;
