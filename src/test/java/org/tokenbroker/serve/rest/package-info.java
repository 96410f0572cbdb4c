@NullMarked
package org.tokenbroker.serve.rest;

import org.jspecify.annotations.NullMarked;
