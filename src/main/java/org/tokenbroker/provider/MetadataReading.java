package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.tokenbroker.provider.TokenAnswer.Body;

/** Reads an issuer's metadata, and believes only what cannot harm (C20). Pure. */
final class MetadataReading {
  private static final String AUTHORIZE = "authorization_endpoint";
  private static final String TOKEN = "token_endpoint";
  private static final String REVOKE = "revocation_endpoint";
  private static final String INTROSPECT = "introspection_endpoint";
  private static final String ALIASES = "mtls_endpoint_aliases";
  private static final String CHALLENGES = "code_challenge_methods_supported";
  private static final String ISS = "authorization_response_iss_parameter_supported";

  private MetadataReading() {}

  /** Outcome of reading. */
  sealed interface Read {
    record Usable(Metadata metadata) implements Read {}

    record Refused(Flaw flaw) implements Read {}
  }

  /** Why a document is not used. */
  enum Flaw {
    /** Another status than 200, or no complete JSON object within the limits. */
    NO_DOCUMENT,
    /** Its issuer is not exactly the one that was asked (RFC 8414 §3.3). */
    ANOTHER_ISSUER,
    /** An endpoint is no {@code https} URL with a host and without user and fragment. */
    NO_HTTPS,
    /** An endpoint is outside of the profile's {@code hosts}, or out of reach (C24). */
    HOST_NOT_ALLOWED,
    /** Code challenges are offered, but not S256, and the profile wants it (B2). */
    NO_S256
  }

  /**
   * What a document must keep to.
   *
   * @param issuer as it must stand there
   * @param plainHttp whether {@code http} will do, for the sandbox and tests
   * @param hosts whether an endpoint may be there
   * @param s256 whether authorization requests carry a challenge of that method
   */
  record Terms(String issuer, boolean plainHttp, Predicate<String> hosts, boolean s256) {
    static Terms of(Profile profile, String issuer, boolean plainHttp, Predicate<String> inReach) {
      Predicate<String> byProfile =
          host -> profile.hosts().isEmpty() || Variables.isAllowed(host, profile.hosts().stream());
      boolean s256 =
          profile.grants().contains(GrantType.AUTHORIZATION_CODE)
              && profile.authorize().pkce() == Profile.Pkce.S256;
      return new Terms(issuer, plainHttp, byProfile.and(inReach), s256);
    }
  }

  /** Where the documents of an issuer are looked for, in this order. */
  static List<URI> locations(String issuer) {
    URI asked = URI.create(issuer);
    String path = Optional.ofNullable(asked.getRawPath()).orElse("").replaceAll("/+$", "");
    String origin = asked.getScheme() + "://" + asked.getRawAuthority();
    return List.of(
        URI.create(origin + path + "/.well-known/openid-configuration"),
        URI.create(origin + "/.well-known/oauth-authorization-server" + path));
  }

  static Read read(TokenAnswer answer, Terms terms) {
    Optional<JsonNode> document =
        answer.status() == 200 && answer.body() instanceof Body.Complete(String text)
            ? AnswerJson.document(answer.contentType(), text)
            : Optional.empty();
    return document
        .filter(JsonNode::isObject)
        .map(object -> read(object, terms))
        .orElseGet(() -> new Read.Refused(Flaw.NO_DOCUMENT));
  }

  private static Read read(JsonNode document, Terms terms) {
    return flaw(document, terms)
        .<Read>map(Read.Refused::new)
        .orElseGet(() -> new Read.Usable(metadata(document)));
  }

  private static Optional<Flaw> flaw(JsonNode document, Terms terms) {
    if (!document.path("issuer").isTextual()
        || !document.path("issuer").asText().equals(terms.issuer())) {
      return Optional.of(Flaw.ANOTHER_ISSUER);
    }
    List<JsonNode> endpoints =
        Stream.concat(
                Stream.of(AUTHORIZE, TOKEN, REVOKE, INTROSPECT).map(document::path),
                Stream.of(TOKEN, REVOKE, INTROSPECT).map(document.path(ALIASES)::path))
            .filter(endpoint -> !endpoint.isMissingNode() && !endpoint.isNull())
            .toList();
    List<URI> urls = endpoints.stream().flatMap(node -> url(node, terms).stream()).toList();
    if (urls.size() < endpoints.size()) {
      return Optional.of(Flaw.NO_HTTPS);
    }
    if (!urls.stream().map(URI::getHost).allMatch(terms.hosts())) {
      return Optional.of(Flaw.HOST_NOT_ALLOWED);
    }
    return terms.s256() && lacksS256(document.path(CHALLENGES))
        ? Optional.of(Flaw.NO_S256)
        : Optional.empty();
  }

  /** Many servers know S256 and do not say so: only a list without it tells. */
  private static boolean lacksS256(JsonNode methods) {
    return methods.isArray()
        && !methods.isEmpty()
        && new Place("/*").all(methods).stream().noneMatch(each -> each.asText().equals("S256"));
  }

  private static Optional<URI> url(JsonNode endpoint, Terms terms) {
    try {
      URI url = new URI(endpoint.isTextual() ? endpoint.asText() : "");
      boolean secure =
          "https".equalsIgnoreCase(url.getScheme())
              || (terms.plainHttp() && "http".equalsIgnoreCase(url.getScheme()));
      boolean plain =
          url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
      return secure && plain ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException noUrl) {
      return Optional.empty();
    }
  }

  private static Metadata metadata(JsonNode document) {
    return new Metadata(
        endpoint(document, AUTHORIZE),
        endpoint(document, TOKEN),
        endpoint(document, REVOKE),
        endpoint(document, INTROSPECT),
        document.path(ISS).asBoolean(false),
        aliases(document.path(ALIASES)));
  }

  private static Metadata.Aliases aliases(JsonNode aliases) {
    return new Metadata.Aliases(
        endpoint(aliases, TOKEN), endpoint(aliases, REVOKE), endpoint(aliases, INTROSPECT));
  }

  private static Optional<URI> endpoint(JsonNode document, String member) {
    return new Place(member).first(document).map(JsonNode::asText).map(URI::create);
  }
}
