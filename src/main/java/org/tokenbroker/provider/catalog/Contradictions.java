package org.tokenbroker.provider.catalog;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Place;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.UrlTemplate;

/**
 * Fields of different parts of a profile that contradict each other: each is well-formed, and both
 * together cannot be meant. Pure.
 */
final class Contradictions {
  private Contradictions() {}

  static void check(YamlFields fields, Profile profile) {
    checkEndpoints(fields, profile);
    if (!profile.grants().contains(GrantType.AUTHORIZATION_CODE)) {
      checkWithoutOwners(fields, profile);
    }
    checkExchangeOfAccessTokens(fields, profile);
    checkBasic(fields, profile);
    checkParameters(fields, profile);
    checkMetadata(fields, profile);
  }

  /** What is said about an endpoint wants one; discovery may bring it. */
  private static void checkEndpoints(YamlFields fields, Profile profile) {
    if (profile.expiry().introspect() && isAbsent(profile.endpoints().introspect(), profile)) {
      fields.violated(
          "endpoints.introspect", "must be there, or discovery: expiry.introspect asks it");
    }
    if (fields.has("revoke") && isAbsent(profile.endpoints().revoke(), profile)) {
      fields.violated(
          "endpoints.revoke", "must be there, or discovery: revoke says how it is called");
    }
  }

  private static boolean isAbsent(Optional<UrlTemplate> endpoint, Profile profile) {
    return endpoint.isEmpty() && !profile.discovery();
  }

  /** Only an owner's agreement brings codes and refresh tokens. */
  private static void checkWithoutOwners(YamlFields fields, Profile profile) {
    String without = "must be left out: grants has no authorization_code";
    refuse(fields, profile.endpoints().refresh().isPresent(), "endpoints.refresh", without);
    refuse(fields, profile.token().requireRefreshToken(), "token.require_refresh_token", without);
    refuse(fields, profile.callback().providerInitiated(), "callback.provider_initiated", without);
    refuse(fields, profile.grant().maxAge().isPresent(), "grant.max_age", without);
    refuse(fields, profile.refresh().idleLifetime().isPresent(), "refresh.idle_lifetime", without);
  }

  private static void checkExchangeOfAccessTokens(YamlFields fields, Profile profile) {
    String exchanged = "must be left out: refresh.mode is access_token";
    switch (profile.refresh().mode()) {
      case ACCESS_TOKEN -> {
        refuse(
            fields,
            profile.token().requireRefreshToken(),
            "token.require_refresh_token",
            exchanged);
        refuse(
            fields,
            profile.refresh().idleLifetime().isPresent(),
            "refresh.idle_lifetime",
            exchanged);
        refuse(fields, profile.refresh().keptOnReconsent(), "refresh.kept_on_reconsent", exchanged);
      }
      case REFRESH_TOKEN ->
          refuse(
              fields,
              !Collections.disjoint(
                  profile.response().accessToken(), profile.response().refreshToken()),
              "response.refresh_token",
              "must not be a place of the access token; refresh.mode: access_token says that");
    }
  }

  private static void checkBasic(YamlFields fields, Profile profile) {
    boolean knowsBasic =
        profile.clientAuthentication().contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
    refuse(
        fields,
        profile.token().basicClientId() && !knowsBasic,
        "token.basic_client_id",
        "must be left out: client_authentication has no client_secret_basic");
  }

  /** What is fixed is not a registration's to say. */
  private static void checkParameters(YamlFields fields, Profile profile) {
    String fixed = "must not hold one of parameters: those are fixed";
    refuse(
        fields,
        !Collections.disjoint(
            profile.authorize().registrationParameters(),
            profile.authorize().parameters().keySet()),
        "authorize.registration_parameters",
        fixed);
    refuse(
        fields,
        !Collections.disjoint(
            profile.token().registrationParameters(), profile.token().parameters().keySet()),
        "token.registration_parameters",
        fixed);
  }

  /** A fact of one name has one source. */
  private static void checkMetadata(YamlFields fields, Profile profile) {
    Set<String> known = new HashSet<>(profile.callback().metadata().keySet());
    report(fields, "response.metadata.", profile.response().metadata(), known);
    profile
        .postConnect()
        .ifPresent(wanted -> report(fields, "post_connect.metadata.", wanted.metadata(), known));
  }

  private static void report(
      YamlFields fields, String section, Map<String, Place> named, Set<String> known) {
    named.keySet().stream()
        .filter(name -> !known.add(name))
        .forEach(
            name ->
                fields.violated(
                    section + name, "is there twice: another part of the profile names it too"));
  }

  private static void refuse(YamlFields fields, boolean isSaid, String field, String message) {
    if (isSaid) {
      fields.violated(field, message);
    }
  }
}
