/**
 * What must hold before a replica opens a door: settings in, violations out. Nothing here starts,
 * connects or reads a secret file.
 */
@NullMarked
package org.tokenbroker.platform.startup;

import org.jspecify.annotations.NullMarked;
