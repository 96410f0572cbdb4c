/** What every chapter stands on: the clock, problems, doors, health, metrics. Knows no chapter. */
@NullMarked
package org.tokenbroker.platform;

import org.jspecify.annotations.NullMarked;
