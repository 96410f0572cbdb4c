/** Profiles as YAML: shipped with the broker or mounted, read strictly, swapped as one snapshot. */
@NullMarked
package org.tokenbroker.provider.catalog;

import org.jspecify.annotations.NullMarked;
