package org.tokenbroker.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.tokenbroker.fixture.Requirement;

class SpiffeIdProperties {
  @Property
  @Requirement("E2")
  void everyWellFormedIdIsReadAndWrittenUnchanged(
      @ForAll("trustDomains") String domain, @ForAll("paths") String path) {
    String text = "spiffe://" + domain + path;

    assertThat(SpiffeId.parse(text)).contains(new SpiffeId(domain, path));
    assertThat(SpiffeId.parse(text).orElseThrow()).hasToString(text);
  }

  @Property
  @Requirement("E2")
  void whateverIsReadHasNeitherPortUserQueryFragmentEscapeNorDotSegment(
      @ForAll("nearIds") String text) {
    Optional<SpiffeId> id = SpiffeId.parse(text);

    id.ifPresent(
        read -> {
          URI uri = URI.create(text);
          assertThat(uri.getScheme()).isEqualTo("spiffe");
          assertThat(uri.getRawAuthority()).isEqualTo(read.trustDomain()).doesNotContain("@", ":");
          assertThat(uri.getRawPath())
              .isEqualTo(read.path())
              .doesNotContain("%", "//")
              .isNotEqualTo("/");
          assertThat(uri.normalize()).isEqualTo(uri);
          assertThat(uri.getRawQuery()).isNull();
          assertThat(uri.getRawFragment()).isNull();
          assertThat(text).doesNotEndWith("/");
        });
  }

  @Property
  void noTextMakesTheParserFail(@ForAll String text) {
    assertThat(SpiffeId.parse(text)).isNotNull();
    assertThat(SpiffeId.parse("spiffe://" + text)).isNotNull();
    assertThat(PeerIdentity.parse(text)).isNotNull();
  }

  @Property
  @Requirement("E3")
  void anIdentityIsOnlyEverReadFromTheVeryTextThatItIs(@ForAll("identities") String text) {
    assertThat(PeerIdentity.parse(text)).map(PeerIdentity::value).contains(text);
    assertThat(PeerIdentity.parse(text + " ")).isNotEqualTo(PeerIdentity.parse(text));
    assertThat(PeerIdentity.parse(" " + text)).isEmpty();
  }

  @Provide
  Arbitrary<String> trustDomains() {
    return Arbitraries.strings().withChars("abcz019.-_").ofMinLength(1).ofMaxLength(255);
  }

  @Provide
  Arbitrary<String> paths() {
    return segments().list().ofMinSize(1).ofMaxSize(6).map(parts -> "/" + String.join("/", parts));
  }

  @Provide
  Arbitrary<String> identities() {
    return Arbitraries.of(
        "spiffe://example.org/a",
        "dns:a.example.org",
        "subject:CN=a",
        "subject:CN=a,O=spiffe://example.org/a");
  }

  /** Texts that differ from an id in one place. */
  @Provide
  Arbitrary<String> nearIds() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            List.of(
                "/", "//", ".", "..", "/./", "/../", "%2e", "%2F", "?", "#", "@", ":", ":443", "A",
                "a", "-", "_", "~", " ", "\n", "é", ""));
    Arbitrary<String> bodies = pieces.list().ofMaxSize(6).map(parts -> String.join("", parts));
    Arbitrary<String> starts =
        Arbitraries.of(
            "spiffe://example.org",
            "spiffe://example.org/ns/a",
            "spiffe://",
            "SPIFFE://example.org/",
            "https://example.org/a",
            "spiffe:/example.org/a");
    return starts.flatMap(start -> bodies.map(body -> start + body));
  }

  private static Arbitrary<String> segments() {
    return Arbitraries.strings()
        .withChars("aZ09.-_")
        .ofMinLength(1)
        .ofMaxLength(12)
        .filter(segment -> !segment.equals(".") && !segment.equals(".."));
  }
}
