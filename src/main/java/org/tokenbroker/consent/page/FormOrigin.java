package org.tokenbroker.consent.page;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a form was sent from our own page. The ticket in its path is the secret that protects it;
 * this keeps other sites from sending a browser on its way even if they know one.
 */
final class FormOrigin {
  private FormOrigin() {}

  /**
   * @param secFetchSite Fetch Metadata, which every current browser sends to https and to
   *     localhost; decides where it is present
   * @param origin RFC 6454 §7; {@code null} as text where the referrer policy hides it, which our
   *     own pages do
   */
  static boolean isForeign(@Nullable String secFetchSite, @Nullable String origin, URI publicUrl) {
    if (secFetchSite != null) {
      return !secFetchSite.equals("same-origin");
    }
    return origin != null && !origin.equals("null") && !origin.equals(originOf(publicUrl));
  }

  /** Serialized as browsers do: lower case, without a default port and without a path. */
  static String originOf(URI url) {
    boolean defaultPort =
        url.getPort() < 0
            || (url.getScheme().equalsIgnoreCase("https") && url.getPort() == 443)
            || (url.getScheme().equalsIgnoreCase("http") && url.getPort() == 80);
    String hostAndPort = defaultPort ? url.getHost() : url.getHost() + ":" + url.getPort();
    return (url.getScheme() + "://" + hostAndPort).toLowerCase(Locale.ROOT);
  }
}
