package org.tokenbroker.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokenbroker.serve.Given.active;
import static org.tokenbroker.serve.Given.connection;
import static org.tokenbroker.serve.Given.token;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.token.AccessToken;
import org.tokenbroker.token.Scopes;

@Requirement("IV-8")
class NarrowestTest {
  private static final Snapshot READ = granted("read");
  private static final Snapshot READ_WRITE = granted("read", "write");
  private static final Snapshot READ_SHARE = granted("read", "share");
  private static final Snapshot ALL = granted("read", "write", "share");

  @Test
  void theScopesAskedForTellWhichTokenIsMeant() {
    List<Snapshot> candidates = List.of(ALL, READ_WRITE, READ);

    assertThat(Narrowest.of(candidates, Scopes.of("read"))).contains(READ);
    assertThat(Narrowest.of(candidates, Scopes.of("write"))).contains(READ_WRITE);
    assertThat(Narrowest.of(candidates, Scopes.of("share", "write"))).contains(ALL);
  }

  @Test
  void whereNothingTellsThemApartNoneIsMeant() {
    assertThat(Narrowest.of(List.of(READ_WRITE, READ_SHARE, ALL), Scopes.of("read"))).isEmpty();
    assertThat(Narrowest.of(List.of(READ, READ_WRITE), Scopes.none())).isEmpty();
    assertThat(Narrowest.of(List.of(READ, READ_WRITE), Scopes.of("delete"))).isEmpty();
  }

  private static Snapshot granted(String... scopes) {
    AccessToken plain = token(1, Duration.ofMinutes(50));
    return new Snapshot(
        connection(active()),
        Optional.of(
            new AccessToken(
                plain.value(),
                plain.type(),
                Scopes.of(scopes),
                plain.lifetime(),
                plain.generation())),
        Optional.empty());
  }
}
