/**
 * The words of the broker: secrets, scopes, lifetimes, generations. Uses only java.* and JSpecify.
 */
@NullMarked
package org.tokenbroker.token;

import org.jspecify.annotations.NullMarked;
