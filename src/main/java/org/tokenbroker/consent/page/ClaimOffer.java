package org.tokenbroker.consent.page;

import org.tokenbroker.consent.ClaimLink;
import org.tokenbroker.provider.Registration;

/**
 * What an owner reads before an install is given to a tenant.
 *
 * @param applicant our registration's name: what is installed
 * @param purpose what for; may be empty
 * @param place what the provider is to the install: the label before its name
 * @param tenant whose it will be: named so that nobody gives an install away unknowingly
 */
record ClaimOffer(
    String heading,
    String applicant,
    String purpose,
    String place,
    String provider,
    String tenant,
    String explanation,
    String button) {

  static ClaimOffer of(ClaimLink.Open link, long minutes) {
    Registration registration = link.client().registration();
    String provider = link.client().profile().name();
    String tenant = link.ticket().tenant().value();
    return switch (link) {
      case ClaimLink.BeforeInstall before ->
          new ClaimOffer(
              "Install " + registration.name() + " for " + tenant + "?",
              registration.name(),
              registration.purpose(),
              "To be installed at",
              provider,
              tenant,
              "The next time you install the app at "
                  + provider
                  + " in this browser, within "
                  + minutes
                  + " minutes, what you install will belong to "
                  + tenant
                  + ".",
              "Continue");
      case ClaimLink.AfterInstall after ->
          new ClaimOffer(
              "Connect " + registration.name() + " to " + tenant + "?",
              registration.name(),
              registration.purpose(),
              "Installed at",
              provider,
              tenant,
              "You have just installed the app at "
                  + provider
                  + " in this browser. From now on, what you installed will belong to "
                  + tenant
                  + ".",
              "Connect");
    };
  }
}
