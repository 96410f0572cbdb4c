/** What runs behind connections: erasing and revoking what deleted ones leave, and counting. */
@NullMarked
package org.tokenbroker.connection.schedule;

import org.jspecify.annotations.NullMarked;
