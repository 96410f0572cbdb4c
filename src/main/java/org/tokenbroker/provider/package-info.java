/** Who issues tokens: profiles (data), registrations (our clients) and the token endpoint. */
@NullMarked
package org.tokenbroker.provider;

import org.jspecify.annotations.NullMarked;
