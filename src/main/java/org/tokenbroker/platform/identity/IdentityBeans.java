package org.tokenbroker.platform.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the identity policy of the configuration. */
@ApplicationScoped
class IdentityBeans {
  /**
   * @throws IllegalArgumentException if a trust domain is not in the form of SPIFFE-ID §2.1
   */
  @Produces
  @Singleton
  IdentityPolicy policy(IdentityConfig config) {
    return IdentityPolicy.of(config);
  }
}
