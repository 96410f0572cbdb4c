/** Tokens for consumers and access rules for operators, over HTTP. */
@NullMarked
package org.tokenbroker.serve.rest;

import org.jspecify.annotations.NullMarked;
