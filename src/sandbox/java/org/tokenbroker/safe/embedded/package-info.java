/**
 * The safe of first runs and development: encrypted rows in PostgreSQL. No part of the production
 * build.
 */
@NullMarked
package org.tokenbroker.safe.embedded;

import org.jspecify.annotations.NullMarked;
