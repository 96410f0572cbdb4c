@NullMarked
package org.tokenbroker.provider.rest;

import org.jspecify.annotations.NullMarked;
