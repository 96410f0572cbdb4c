package org.tokenbroker.consent;

import java.util.Optional;
import org.tokenbroker.token.Secret;

/**
 * Who brings a callback.
 *
 * @param browser what the browser's cookie holds, if it is well-formed
 * @param network where it comes from, as far as rates are counted by it: an IPv4 address, or the
 *     first 64 bits of an IPv6 one; absent where proxies do not tell
 */
public record Visitor(Optional<Secret> browser, Optional<String> network) {}
