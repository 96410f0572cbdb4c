/**
 * What every REST route shares: request ids, problem documents, the operators' door, strict reading
 * of bodies.
 */
@NullMarked
package org.tokenbroker.platform.rest;

import org.jspecify.annotations.NullMarked;
