/**
 * What the platform may ask a replica (K-5): alive, ready, started, and how its dependencies are.
 * Only the last looks at anything outside the process, and nobody takes a replica out of service
 * for it.
 */
@NullMarked
package org.tokenbroker.platform.health;

import org.jspecify.annotations.NullMarked;
