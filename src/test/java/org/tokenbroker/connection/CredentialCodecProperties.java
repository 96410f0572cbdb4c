package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.Credential.PendingCall;
import org.tokenbroker.connection.Credential.RefreshToken;
import org.tokenbroker.safe.SafeDocument;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.Lifetime;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.Secret;

class CredentialCodecProperties {
  @Property
  void readsBackWhatItWrites(@ForAll("credentials") Credential credential) {
    assertThat(CredentialCodec.decode(CredentialCodec.encode(credential))).contains(credential);
  }

  @Property
  void aDocumentWithOneFieldSpoiltIsNoCredential(@ForAll("credentials") Credential credential) {
    CredentialCodec.encode(credential).fields().keySet().stream()
        .filter(
            field ->
                field.endsWith("_at") || field.equals("generation") || field.endsWith("number"))
        .forEach(
            field -> {
              Map<String, String> spoilt =
                  new HashMap<>(CredentialCodec.encode(credential).fields());
              spoilt.put(field, "?");

              assertThat(CredentialCodec.decode(new SafeDocument(spoilt))).isEmpty();
            });
  }

  @Example
  void aDocumentOfAnotherFormatIsNoCredential() {
    assertThat(CredentialCodec.decode(new SafeDocument(Map.of("format", "2")))).isEmpty();
    assertThat(CredentialCodec.decode(new SafeDocument(Map.of()))).isEmpty();
  }

  @Provide
  Arbitrary<Credential> credentials() {
    Arbitrary<Instant> times =
        Arbitraries.longs().between(0, 4_000_000_000L).map(Instant::ofEpochSecond);
    Arbitrary<Secret> secrets =
        Arbitraries.strings().ofMinLength(1).filter(text -> !text.isBlank()).map(Secret::of);
    Arbitrary<Grant> grants =
        Combinators.combine(
                Arbitraries.strings().alpha().ofMinLength(1),
                times,
                Arbitraries.of("https://broker.example/callback/a", "https://b.example/?x=%20y")
                    .map(URI::create)
                    .optional())
            .as(Grant::new);
    Arbitrary<AccessToken> accessTokens =
        Combinators.combine(secrets, times, Arbitraries.longs().between(1, 1_000_000))
            .as(
                (secret, time, number) ->
                    new AccessToken(
                        secret,
                        "Bearer",
                        Scopes.of("a", "b"),
                        new Lifetime(time, time.plus(Duration.ofSeconds(number))),
                        new Generation(number)));
    Arbitrary<RefreshToken> refreshTokens =
        Combinators.combine(
                secrets,
                Arbitraries.longs().greaterOrEqual(1),
                times.optional(),
                Arbitraries.of(true, false))
            .as(RefreshToken::new);
    Arbitrary<PendingCall> calls =
        Combinators.combine(
                times, Arbitraries.longs().greaterOrEqual(0), Arbitraries.integers().between(1, 9))
            .as((time, number, times1) -> new PendingCall("attempt", number, time, number, times1));
    return Combinators.combine(
            grants.optional(),
            accessTokens.optional(),
            refreshTokens.optional(),
            calls.optional(),
            grants.optional())
        .as(Credential::new);
  }
}
