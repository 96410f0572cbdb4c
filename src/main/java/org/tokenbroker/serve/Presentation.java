package org.tokenbroker.serve;

import org.tokenbroker.provider.Profile;
import org.tokenbroker.token.Secret;

/** How the API behind a provider wants to be shown a token. */
public sealed interface Presentation {
  /**
   * A request header (MO-11, MK-1).
   *
   * @param value as it is sent: scheme and token
   */
  record Header(String name, Secret value) implements Presentation {}

  /**
   * A parameter of the request's query.
   *
   * @param value before it is percent-encoded
   */
  record QueryParameter(String name, Secret value) implements Presentation {}

  static Presentation of(Profile.Resource resource, Secret token) {
    return switch (resource.placement()) {
      case HEADER -> new Header(resource.header(), resource.headerValue(token));
      case QUERY -> new QueryParameter(resource.parameter(), token);
    };
  }
}
