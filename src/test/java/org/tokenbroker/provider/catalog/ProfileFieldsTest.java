package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.platform.outbound.AddressRules;

/** What each field of a profile may hold. */
class ProfileFieldsTest {
  @ParameterizedTest
  @Requirement("C9")
  @ValueSource(strings = {"password", "implicit", "refresh_token", "Authorization_Code", ""})
  void noGrantBeyondTheTwoCanBeAskedFor(String grant) {
    assertThat(
            ProfileYaml.violations(
                ProfileYaml.LEAST.replace("client_credentials", "'" + grant + "'")))
        .containsExactly(
            "acme.yaml:5:10: grants[0] must be one of authorization_code, client_credentials, api_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "as.example/token",
        "//as.example/token",
        "https:///token",
        "https://user:pw@as.example/token",
        "https://as.example/token#here",
        "ftp://as.example/token",
        "https://as example/token",
        "javascript:alert(1)",
        "''",
      })
  void aUrlThatIsNoUseIsRefusedWithoutRepeatingIt(String url) {
    List<String> violations =
        ProfileYaml.violations(ProfileYaml.LEAST.replace("https://as.example/token", url));

    assertThat(violations)
        .singleElement()
        .asString()
        .startsWith("acme.yaml:4:10: endpoints.token must be an absolute https URL");
  }

  @Test
  void plainHttpIsAcceptedOnlyWhereItIsAllowed() {
    String plain = ProfileYaml.LEAST.replace("https:", "http:");

    assertThat(ProfileYaml.violations(plain)).hasSize(1);
    assertThat(
            new ProfileReader(true, AddressRules.publicOnly()::allowHost).read("acme.yaml", plain))
        .isInstanceOf(Reading.Accepted.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: again                              | id is there twice; keep one",
        "token: {parameters: {code: x}}         | token.parameters.code is set by the broker; remove it",
        "token: {parameters: {client_secret: x}}| token.parameters.client_secret is set by the broker; remove it",
        "authorize: {parameters: {state: x}}    | authorize.parameters.state is set by the broker; remove it",
        "authorize: {pkce: never}               | authorize.pkce must be one of s256, plain, off",
        "authorize: {pkce: false}               | authorize.pkce must be text; put it in quotes",
        "authorize: {scope_separator: ';'}      | authorize.scope_separator must be a space, , or +",
        "authorize: {registration_parameters: [state]} | authorize.registration_parameters[0] is set by the broker; remove it",
        "callback: {metadata: {Realm: x}}       | callback.metadata.Realm must have a name of a-z 0-9 _, a letter first, at most 64 long",
        "callback: {metadata: {realm: 'x y'}}   | callback.metadata.realm must be the name of a parameter",
        "callback: {code_parameter: 'a b'}      | callback.code_parameter must be the name of a parameter",
        "parameter_names: {state: x}            | parameter_names.state cannot be renamed; known are client_id, client_secret, code, redirect_uri, scope",
        "parameter_names: {client_id: 'x y'}    | parameter_names.client_id must be the name of a parameter",
        "parameter_names: {client_id: x, code: x} | parameter_names must give each parameter a name of its own",
        "refresh: {token_parameter: code}        | refresh.token_parameter must be the name of a parameter that holds nothing else",
        "refresh: {token_parameter: x, parameters: {x: '1'}} | refresh.parameters must not hold the token_parameter",
        "token: {method: put}                   | token.method must be one of post, get",
        "token: {body: xml}                     | token.body must be one of form, json, query",
        "token: {accept: ''}                    | token.accept must be a list of media types",
        "token: {headers: {Authorization: x}}   | token.headers.Authorization is set by the broker; remove it",
        "token: {headers: {'A B': x}}           | token.headers.A B must be a header name with a visible ASCII value",
        "response: {access_token: ['/a~2']}     | response.access_token[0] must be the name of a member, or a JSON Pointer such as /data/id",
        "response: {token_types: ['']}          | response.token_types[0] must not be empty",
        "error: {rules: {}}                     | error.rules must be a list of mappings",
        "error: {rules: [{means: terminal}]}    | error.rules[0].code must be there, or status or text",
        "error: {rules: [{code: x}]}            | error.rules[0].means must say what the error means",
        "error: {rules: [{code: x, means: bad}]} | error.rules[0].means must be one of terminal, unclear, app, transient, rate, scope, request, ambiguous",
        "error: {rules: [{status: 401, means: unclear}]} | error.rules[0].on must be [refresh_token] where means is unclear",
        "error: {rules: [{status: 99, means: app}]} | error.rules[0].status must be a whole number from 200 to 599",
        "error: {when: [{place: ok}]}           | error.when[0].value must say what to compare with",
        "assertion: {algorithms: [HS256]}       | assertion.algorithms must be some of RS256, PS256, ES256 and their longer kin",
        "assertion: {key_id: x5c}               | assertion.key_id must be one of kid, thumbprint, x5t, both, none",
        "assertion: {claims: {iss: x}}          | assertion.claims.iss is set by the broker; remove it",
        "expiry: {mode: absolute}               | expiry.mode must be one of relative, epoch, date",
        "expiry: {unit: minutes}                | expiry.unit must be one of seconds, milliseconds",
        "expiry: {zero_means: forever}          | expiry.zero_means must be one of expired, default, never",
        "grant: {max_age: 5m}                   | grant.max_age must be a whole number of s, m, h or d, for example 90s, from 3600s to 315360000s",
        "refresh: {mode: none}                  | refresh.mode must be one of refresh_token, access_token",
        "refresh: {send_scope: true}            | refresh.send_scope must be text; put it in quotes",
        "refresh: {min_interval: 2d}            | refresh.min_interval must be a whole number of s, m, h or d, for example 90s, from 0s to 86400s",
        "resource: {placement: body}            | resource.placement must be one of header, query",
        "limits: {per: tenant}                  | limits.per must be one of provider, registration, host",
        "limits: {reset_header: 'a b'}          | limits.reset_header must be a header name",
        "hosts: ['*.example']                   | hosts[0] must be a host in lower case, *. and one of at least two labels, or *",
        "variables: {Shop: {values: [a]}}       | variables.Shop must be named by a-z 0-9 _, a letter first",
        "variables: {shop: {kind: url, values: [a]}} | variables.shop.kind must be one of segment, location",
        "variables: {shop: {}}                  | variables.shop.pattern must be there, or values",
        "variables: {shop: {pattern: '['}}      | variables.shop.pattern must be a regular expression",
        "variables: {shop: {values: [a], default: b}} | variables.shop.default must be one of a",
        "variables: {shop: {pattern: x, default: x, optional: true}} | variables.shop.optional must be left out: it has a default",
        "issuer: 'https://as.example/{shop}'    | variables.shop must be declared: a URL holds it",
        "post_connect: {}                       | post_connect.url must say what is fetched",
        "post_connect: {url: 'https://api.example/me', optional_parameters: {'a b': c}} | post_connect.optional_parameters.a b must have a name of A-Z a-z 0-9 . _ ~ - and a visible ASCII value",
        "authorize: []                          | authorize must be a mapping of fields",
        "authorize: {required_scopes: [a b]}    | authorize.required_scopes[0] must be one scope of RFC 6749 section 3.3, without spaces",
        "refresh: {rotation: sometimes}         | refresh.rotation must be none, strict or {grace: 30s}",
        "refresh: {rotation: {grace: 0s}}       | refresh.rotation.grace must be a whole number of s, m, h or d, for example 90s, from 1s to 2592000s",
        "refresh: {rotation: {}}                | refresh.rotation.grace must say for how long, for example 30s",
        "assertion: {lifetime: 11m}             | assertion.lifetime must be a whole number of s, m, h or d, for example 90s, from 10s to 600s",
        "resource: {header: 'A B'}              | resource.header must be a header name",
        "resource: {scheme: 'A B'}              | resource.scheme must be one word, or empty for the bare token",
        "limits: {concurrency: 0}               | limits.concurrency must be a whole number from 1 to 1000",
        "limits: {requests_per_second: 1e3}     | limits.requests_per_second must be a whole number",
        "unknown: x                             | unknown is not a known field",
      })
  void eachFieldSaysWhatItMustBe(String line, String message) {
    List<String> violations = ProfileYaml.violations(ProfileYaml.LEAST + line + "\n");

    assertThat(violations)
        .singleElement()
        .asString()
        .matches("acme\\.yaml:[17]:\\d+: .*")
        .endsWith(message);
  }

  @Test
  @Requirement("X-1")
  void aFactOfOneNameHasOneSource() {
    assertThat(
            ProfileYaml.violations(
                ProfileYaml.WHOLE
                    + "callback: {metadata: {shop: shop}}\nresponse: {metadata: {shop: shop, site: site}}\n"
                    + "post_connect: {url: 'https://api.example/me', metadata: {site: /data/site}}\n"))
        .satisfiesExactlyInAnyOrder(
            shop -> assertThat(shop).contains("response.metadata.shop is there twice"),
            site -> assertThat(site).contains("post_connect.metadata.site is there twice"));
  }
}
