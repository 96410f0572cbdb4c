package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;

/** What the fields of a profile must not say together. */
class ContradictionsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "token: {parameters: {key: '1'}}",
        "token: {registration_parameters: [key]}",
        "refresh: {parameters: {key: '1'}}",
        "authorize: {parameters: {key: '1'}}",
        "authorize: {registration_parameters: [key]}",
      })
  void twoParametersNeverGoUnderOneName(String further) {
    assertThat(
            ProfileYaml.violations(
                ProfileYaml.LEAST + "parameter_names: {client_id: key}\n" + further + "\n"))
        .singleElement()
        .asString()
        .endsWith("parameter_names must not give the name of a further parameter");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "revoke: {token_parameter: client_id}    | revoke.token_parameter must be the name of a parameter that holds nothing else",
        "revoke: {tokens: [id_token]}    | revoke.tokens[0] must be one of refresh_token, access_token",
        "revoke: {authentication: basic} | revoke.authentication must be one of client, bearer, none",
        "revoke: {path: '{token}'} | revoke.path must be path segments, one of them {token}",
        "revoke: {path: '/tokens'} | revoke.path must be path segments, one of them {token}",
        "revoke: {path: '/{token}/{token}'} | revoke.path must be path segments, one of them {token}",
        "revoke: {path: '/../{token}'} | revoke.path must be path segments, one of them {token}",
        "revoke: {path: '/x{token}?a=b'} | revoke.path must be path segments, one of them {token}",
        "revoke: {path: '/{token}', token_parameter: t} | revoke.token_parameter must be left out: path holds the token",
        "token: {method: delete} | token.method must be one of post, get",
        "refresh: {method: delete} | refresh.method must be one of post, get",
        "revoke: {method: get, body: json} | revoke.body must be query, or left out: method is get",
        "token: {method: get, body: form} | token.body must be query, or left out: method is get",
        "refresh: {method: get, body: form} | refresh.body must be query, or left out: method is get",
        "authorize: {send_scope: false, required_scopes: [a]} | authorize.required_scopes must be left out: send_scope is false",
        "authorize: {parameters: {x: '1'}, registration_parameters: [x]} | authorize.registration_parameters must not hold one of parameters: those are fixed",
        "token: {parameters: {audience: a}, registration_parameters: [audience]} | token.registration_parameters must not hold one of parameters: those are fixed",
        "parameter_names: {code: grant_type} | parameter_names.code must not be a name that the broker uses itself",
        "parameter_names: {client_id: state} | parameter_names.client_id must not be a name that the broker uses itself",
        "callback: {code_parameter: state} | callback.code_parameter must be the name of a parameter that holds nothing else",
        "variables: {shop: {values: [a], pattern: b}} | variables.shop.pattern must be left out: values are the only ones allowed",
        "variables: {shop: {values: [a/b]}} | variables.shop.values must each be what a URL can hold: one part of a host or path, of A-Z a-z 0-9 . _ ~ -",
        "expiry: {never: true, introspect: true} | expiry.introspect must be left out: tokens never end",
        "expiry: {never: true, default_lifetime: 1h} | expiry.default_lifetime must be left out: tokens never end",
        "expiry: {mode: date, unit: seconds} | expiry.unit must be left out: a date has none",
        "grant: {max_age: 30d, warn_before: 60d} | grant.warn_before must not be longer than max_age",
        "token: {basic_client_id: true}  | token.basic_client_id must be left out: client_authentication has no client_secret_basic",
        "response: {refresh_token: [access_token]} | response.refresh_token must not be a place of the access token; refresh.mode: access_token says that",
        "refresh: {mode: access_token, idle_lifetime: 1d} | refresh.idle_lifetime must be left out: refresh.mode is access_token",
        "refresh: {mode: access_token, kept_on_reconsent: true} | refresh.kept_on_reconsent must be left out: refresh.mode is access_token",
      })
  void fieldsThatContradictEachOtherAreRefused(String line, String message) {
    assertThat(ProfileYaml.violations(ProfileYaml.WHOLE + line + "\n"))
        .singleElement()
        .asString()
        .endsWith(message);
  }

  @Test
  void aTokenEndpointThatIsTheRevocationEndpointHoldsNothingThatMayBeLeftOut() {
    String same =
        """
        id: acme
        name: Acme
        variables:
          at: {kind: location, pattern: '.+', optional: true}
        hosts: ['*']
        endpoints:
          token: https://{at}
          revoke: https://{at}
        grants: [client_credentials]
        client_authentication: [client_secret_post]
        """;

    assertThat(ProfileYaml.violations(same))
        .singleElement()
        .asString()
        .endsWith("variables.at must not be optional: not only endpoints.revoke holds it");
  }

  @Test
  void aNameThatNoPageCanShowIsRefused() {
    String shown = ProfileYaml.WHOLE.replace("name: Acme", "name: \"Acme\\0\"");

    assertThat(ProfileYaml.violations(shown))
        .singleElement()
        .asString()
        .endsWith("name must be at most 500 characters, without control characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "issuer: 'https://as.example/{shop}'",
        "issuer: https://as.example\nassertion: {audience: '{shop}'}",
        "post_connect: {url: 'https://api.example/{shop}'}",
      })
  void onlyTheRevocationEndpointHoldsWhatMayBeLeftOut(String holder) {
    assertThat(
            ProfileYaml.violations(
                ProfileYaml.LEAST
                    + "variables: {shop: {pattern: x, optional: true}}\n"
                    + holder
                    + "\n"))
        .singleElement()
        .asString()
        .endsWith("variables.shop must not be optional: not only endpoints.revoke holds it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expiry: {introspect: true}",
        "revoke: {tokens: [refresh_token]}",
        "token: {method: get}",
        "token: {method: get, body: query}",
        "expiry: {never: true}",
        "expiry: {mode: epoch, unit: milliseconds}",
        "grant: {max_age: 30d, warn_before: 30d}",
        "grant: {max_age: 7d}",
        "token: {require_refresh_token: true}",
        "refresh: {mode: access_token, grant_type: exchange, token_parameter: token}",
        "refresh: {mode: access_token}\nresponse: {refresh_token: [access_token]}",
        "refresh: {rotation: none, idle_lifetime: 180d}",
        "response: {metadata: {shop: shop}}\ncallback: {metadata: {realm: realm}}",
      })
  void whatGoesTogetherIsAccepted(String lines) {
    ProfileYaml.accepted(ProfileYaml.WHOLE + lines + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expiry: {introspect: true}      | endpoints.introspect must be there, or discovery: expiry.introspect asks it",
        "revoke: {tokens: [access_token]} | endpoints.revoke must be there, or discovery: revoke says how it is called",
        "token: {require_refresh_token: true} | token.require_refresh_token must be left out: grants has no authorization_code",
        "callback: {provider_initiated: true} | callback.provider_initiated must be left out: grants has no authorization_code",
        "grant: {max_age: 90d}           | grant.max_age must be left out: grants has no authorization_code",
        "refresh: {idle_lifetime: 90d}   | refresh.idle_lifetime must be left out: grants has no authorization_code",
      })
  void whatIsSaidOfAPartThatIsNotThereIsRefused(String line, String message) {
    assertThat(ProfileYaml.violations(ProfileYaml.LEAST + line + "\n"))
        .singleElement()
        .asString()
        .endsWith(message);
  }

  @Test
  void discoveryMayBringWhatIsAsked() {
    ProfileYaml.accepted(
        ProfileYaml.LEAST
            + "issuer: https://as.example\ndiscovery: true\nexpiry: {introspect: true}\nrevoke: {body: json}\n");
  }

  @Test
  void aRefreshTokenIsNotRequiredWhereTheAccessTokenIsExchanged() {
    assertThat(
            ProfileYaml.violations(
                ProfileYaml.WHOLE
                    + "refresh: {mode: access_token}\ntoken: {require_refresh_token: true}\n"))
        .singleElement()
        .asString()
        .endsWith("token.require_refresh_token must be left out: refresh.mode is access_token");
  }

  @Test
  @Requirement("C10")
  void assertionsNeedAnAudienceThatIsKnown() {
    String signed = ProfileYaml.LEAST.replace("client_secret_basic", "private_key_jwt");

    assertThat(ProfileYaml.violations(signed))
        .containsExactly(
            "acme.yaml:1:1: issuer must be there: the profile compares, signs or discovers by it");
    ProfileYaml.accepted(signed + "issuer: https://as.example/op\n");
    ProfileYaml.accepted(signed + "assertion: {audience: https://as.example/token}\n");
  }

  @Test
  @Requirement("C24")
  void theCallbackChoosesAmongHostsOfTheProfileOnly() {
    String told =
        ProfileYaml.LEAST.replace("https://as.example/token", "https://{place}/token")
            + "variables: {place: {kind: location, pattern: '.+', default: as.example}}\n"
            + "callback: {metadata: {place: at, x: y}, variables: [place]}\n";

    ProfileYaml.accepted(told + "hosts: [as.example, as.example.eu]\n");
    assertThat(ProfileYaml.violations(told + "hosts: ['*']\n"))
        .singleElement()
        .asString()
        .endsWith("callback.variables must not be there: hosts leaves the choice to anybody");
    assertThat(ProfileYaml.violations(told.replace("[place]", "[x]") + "hosts: [as.example]\n"))
        .singleElement()
        .asString()
        .endsWith("callback.variables must be names of variables and of callback.metadata");
  }

  @Test
  void aVariableInAHostNeedsAListOfHosts() {
    String shop =
        ProfileYaml.LEAST.replace("https://as.example/token", "https://{shop}.acme.example/token")
            + "variables: {shop: {pattern: '[a-z]+'}}\n";

    assertThat(ProfileYaml.violations(shop))
        .containsExactly("acme.yaml:1:1: hosts must be there: a URL has a variable in its host");
    ProfileYaml.accepted(shop + "hosts: ['*.acme.example']\n");
  }

  @Test
  @Requirement("BE-10")
  void aReturnUrlNeedsAListOfHosts() {
    assertThat(
            ProfileYaml.violations(
                ProfileYaml.LEAST
                    + "post_connect: {url: 'https://api.example/me', return_url: /links/url}\n"))
        .containsExactly(
            "acme.yaml:7:15: post_connect.return_hosts must say where return_url may lead");
  }
}
