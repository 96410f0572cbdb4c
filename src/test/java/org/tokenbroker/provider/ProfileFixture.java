package org.tokenbroker.provider;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tokenbroker.provider.catalog.ProfileReader;
import org.tokenbroker.provider.catalog.Reading;

/**
 * A profile that accepts everything, and ways to bend one part of it. It goes through the reader of
 * the catalogue, so that its defaults are the real ones.
 *
 * @param sections YAML of each top-level field
 */
public record ProfileFixture(Map<String, String> sections) {
  public static ProfileFixture at(URI base) {
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put("id", "acme");
    sections.put("name", "Acme");
    sections.put("issuer", quoted(base.toString()));
    sections.put(
        "endpoints",
        "{authorize: %s, token: %s, revoke: %s, introspect: %s}"
            .formatted(
                quoted(base.resolve("/authorize").toString()),
                quoted(base.resolve("/token").toString()),
                quoted(base.resolve("/revoke").toString()),
                quoted(base.resolve("/introspect").toString())));
    sections.put("grants", "[authorization_code, client_credentials]");
    sections.put(
        "client_authentication",
        "[client_secret_basic, client_secret_post, private_key_jwt, client_secret_jwt,"
            + " tls_client_auth, none]");
    sections.put("authorize", "{require_iss: true}");
    sections.put("refresh", "{expiry_fields: [refresh_expires_in]}");
    sections.put("limits", "{requests_per_second: 1000, concurrency: 8}");
    return new ProfileFixture(sections);
  }

  public static ProfileFixture anywhere() {
    return at(URI.create("https://as.example/"));
  }

  /** Replaces a top-level field, or adds it. */
  public ProfileFixture with(String field, String yaml) {
    Map<String, String> bent = new LinkedHashMap<>(sections);
    bent.put(field, yaml);
    return new ProfileFixture(bent);
  }

  public Profile profile() {
    String yaml =
        sections.entrySet().stream()
            .map(section -> section.getKey() + ": " + section.getValue())
            .collect(Collectors.joining("\n"));
    return switch (new ProfileReader(true, host -> true).read("fixture.yaml", yaml)) {
      case Reading.Accepted(Profile profile) -> profile;
      case Reading.Refused refused ->
          throw new IllegalArgumentException(refused.violations().toString());
    };
  }

  public ProfileFixture expiry(Duration defaultLifetime, String... fields) {
    return with(
        "expiry",
        "{fields: %s, default_lifetime: %ss}"
            .formatted(List.of(fields), defaultLifetime.toSeconds()));
  }

  public ProfileFixture scheme(String scheme) {
    return resource("Authorization", scheme);
  }

  public ProfileFixture resource(String header, String scheme) {
    return with("resource", "{header: %s, scheme: %s}".formatted(quoted(header), quoted(scheme)));
  }

  public ProfileFixture assertion(String yaml) {
    return with("assertion", yaml);
  }

  public ProfileFixture tokenParameters(Map<String, String> parameters) {
    String table =
        parameters.entrySet().stream()
            .map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
            .collect(Collectors.joining(", "));
    return with("token", "{parameters: {%s}}".formatted(table));
  }

  public ProfileFixture scopesOnRefresh() {
    return with("refresh", "{send_scope: requested, expiry_fields: [refresh_expires_in]}");
  }

  public ProfileFixture limits(int requestsPerSecond, int concurrency) {
    return with(
        "limits",
        "{requests_per_second: %s, concurrency: %s}".formatted(requestsPerSecond, concurrency));
  }

  public ProfileFixture id(String id) {
    return with("id", id);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
