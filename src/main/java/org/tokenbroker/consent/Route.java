package org.tokenbroker.consent;

import java.net.URI;
import java.util.Optional;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.ProviderClient;

/** Where an owner is sent, and where the provider sends the owner back. */
public sealed interface Route {
  /**
   * @param authorize the provider's authorization endpoint
   * @param callback our redirect URI, one of the registered ones
   */
  record Open(URI authorize, URI callback) implements Route {}

  /**
   * @param field what of the registration or its profile stands in the way
   * @param fix what an operator has to do
   */
  record Blocked(String field, String fix) implements Route {}

  /**
   * @param publicUrl of the browser door, without a trailing slash
   */
  static Route of(ProviderClient client, URI publicUrl) {
    return of(client, publicUrl, Optional.empty());
  }

  /**
   * @param chosen redirect URI, one of the registered ones; absent: our own callback (IV-5)
   */
  static Route of(ProviderClient client, URI publicUrl, Optional<URI> chosen) {
    Profile profile = client.profile();
    Optional<URI> authorize = client.site().authorize();
    if (profile.callback().providerInitiated() && authorize.isEmpty()) {
      return new Blocked(
          "registration",
          "its installs start at the provider: have the customer install the app there again; an"
              + " install of the same account mends its connection in place");
    }
    if (!profile.grants().contains(GrantType.AUTHORIZATION_CODE) || authorize.isEmpty()) {
      return new Blocked(
          "registration",
          "its provider knows no authorization code grant: choose another registration");
    }
    if (!client.registration().particulars().allows(GrantType.AUTHORIZATION_CODE)) {
      return new Blocked(
          "registration", "allows no authorization code: add it to its grant_types first");
    }
    URI own = PublicUrls.callback(publicUrl, client.registration().id());
    URI callback = chosen.orElse(own);
    if (!client.registration().redirectUris().contains(callback)) {
      return chosen.isPresent()
          ? new Blocked("redirect_uri", "must be one of the registration's redirect_uris")
          : new Blocked(
              "redirect_uris",
              "must hold "
                  + own
                  + ", here and at the provider; or bring a code that was fetched by hand");
    }
    return new Open(authorize.get(), callback);
  }
}
