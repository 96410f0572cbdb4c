@NullMarked
package org.tokenbroker.connection.rest;

import org.jspecify.annotations.NullMarked;
