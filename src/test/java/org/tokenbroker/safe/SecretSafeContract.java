package org.tokenbroker.safe;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every safe has to do, on the real thing that keeps its documents. */
public abstract class SecretSafeContract {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final SafeDocument FIRST =
      new SafeDocument(Map.of("refresh_token", "r1", "access_token", "a1"));
  private static final SafeDocument SECOND = new SafeDocument(Map.of("refresh_token", "r2"));

  private final SafePath path = SafePath.of("contract", UUID.randomUUID().toString());

  protected abstract SecretSafe safe();

  protected abstract SafeHealth health();

  /** How many versions of it can still be read, asked past the safe. */
  protected abstract long readableVersions(SafePath path);

  protected abstract void takeDown();

  protected abstract void bringBack();

  @Test
  void whatWasWrittenIsReadBackWhole() {
    SafeVersion version = written(path, FIRST, SafeVersion.ABSENT);

    assertThat(read()).isEqualTo(new SafeRead.Found(FIRST, version));
  }

  @Test
  void whatWasNeverWrittenIsAbsentAtVersionZero() {
    assertThat(read()).isEqualTo(new SafeRead.Absent(SafeVersion.ABSENT));
  }

  @Test
  void everyTextSurvives() {
    SafeDocument odd =
        new SafeDocument(
            Map.of(
                "empty",
                "",
                "quotes",
                "\"\\'{}",
                "lines",
                "-----BEGIN\nkey\r\n\t-----",
                "letters",
                "ü漢🔑",
                "long",
                "x".repeat(70_000)));

    SafeVersion version = written(path, odd, SafeVersion.ABSENT);

    assertThat(read()).isEqualTo(new SafeRead.Found(odd, version));
  }

  @Test
  void aWriteThatKnowsTheCurrentVersionReplacesTheDocument() {
    SafeVersion first = written(path, FIRST, SafeVersion.ABSENT);

    SafeVersion second = written(path, SECOND, first);

    assertThat(second.value()).isGreaterThan(first.value());
    assertThat(read()).isEqualTo(new SafeRead.Found(SECOND, second));
  }

  @Test
  void aWriteThatKnowsAnOlderVersionIsAConflictAndChangesNothing() {
    SafeVersion first = written(path, FIRST, SafeVersion.ABSENT);
    SafeVersion second = written(path, SECOND, first);

    assertThat(get(safe().write(path, FIRST, first))).isEqualTo(new SafeWrite.Conflict());

    assertThat(read()).isEqualTo(new SafeRead.Found(SECOND, second));
  }

  @Test
  void creatingWhatExistsIsAConflictAndChangesNothing() {
    SafeVersion version = written(path, FIRST, SafeVersion.ABSENT);

    assertThat(get(safe().write(path, SECOND, SafeVersion.ABSENT)))
        .isEqualTo(new SafeWrite.Conflict());

    assertThat(read()).isEqualTo(new SafeRead.Found(FIRST, version));
  }

  @Test
  void replacingWhatDoesNotExistIsAConflict() {
    assertThat(get(safe().write(path, FIRST, new SafeVersion(1))))
        .isEqualTo(new SafeWrite.Conflict());

    assertThat(read()).isEqualTo(new SafeRead.Absent(SafeVersion.ABSENT));
  }

  @Test
  void ofManyConcurrentWritersExactlyOneWins() {
    SafeVersion first = written(path, FIRST, SafeVersion.ABSENT);

    int winner = winnerOfRace(first);

    assertThat(read())
        .isInstanceOfSatisfying(
            SafeRead.Found.class,
            found -> assertThat(found.document()).isEqualTo(numbered(winner)));
  }

  @Test
  void ofManyConcurrentCreatorsExactlyOneWins() {
    int winner = winnerOfRace(SafeVersion.ABSENT);

    assertThat(read())
        .isInstanceOfSatisfying(
            SafeRead.Found.class,
            found -> assertThat(found.document()).isEqualTo(numbered(winner)));
  }

  @Test
  void afterDestroyNoVersionCanBeReadByAnyone() {
    SafeVersion version = written(path, FIRST, SafeVersion.ABSENT);
    version = written(path, SECOND, version);
    written(path, FIRST, version);
    assertThat(readableVersions(path)).isPositive();

    assertThat(get(safe().destroy(path))).isEqualTo(new SafeDestroy.Destroyed());

    assertThat(readableVersions(path)).isZero();
    assertThat(read()).isInstanceOf(SafeRead.Absent.class);
  }

  @Test
  void destroyingWhatIsNotThereSucceeds() {
    assertThat(get(safe().destroy(path))).isEqualTo(new SafeDestroy.Destroyed());
  }

  @Test
  void ofADocumentWhoseFormerVersionsAreDestroyedOnlyTheNewestCanBeReadByAnyone() {
    SafeVersion first = written(path, FIRST, SafeVersion.ABSENT);
    SafeVersion second = written(path, FIRST, first);
    SafeVersion third = written(path, SECOND, second);

    assertThat(get(safe().destroyBefore(path, third))).isEqualTo(new SafeDestroy.Destroyed());

    assertThat(readableVersions(path)).isEqualTo(1);
    assertThat(read()).isEqualTo(new SafeRead.Found(SECOND, third));
    assertThat(get(safe().destroyBefore(path, third))).isEqualTo(new SafeDestroy.Destroyed());
    written(path, FIRST, third);
  }

  @Test
  void aDocumentThatIsOlderThanTheGivenVersionIsGoneAndOneThatCameSinceStays() {
    SafeVersion first = written(path, FIRST, SafeVersion.ABSENT);
    SafeVersion next = new SafeVersion(first.value() + 1);

    assertThat(get(safe().destroyBefore(path, next))).isEqualTo(new SafeDestroy.Destroyed());

    assertThat(readableVersions(path)).isZero();
    assertThat(read()).isInstanceOf(SafeRead.Absent.class);
    SafeVersion since = written(path, SECOND, ((SafeRead.Absent) read()).version());
    SafeVersion newest = written(path, FIRST, since);
    get(safe().destroyBefore(path, newest));
    assertThat(read()).isEqualTo(new SafeRead.Found(FIRST, newest));
  }

  @Test
  void destroyLeavesNeighboursAlone() {
    SafePath neighbour = new SafePath(path.value() + "/neighbour");
    SafeVersion version = written(neighbour, SECOND, SafeVersion.ABSENT);
    written(path, FIRST, SafeVersion.ABSENT);

    get(safe().destroy(path));

    assertThat(get(safe().read(neighbour))).isEqualTo(new SafeRead.Found(SECOND, version));
  }

  @Test
  void aDestroyedDocumentCanBeCreatedAnewFromTheVersionThatItsReadTells() {
    written(path, FIRST, SafeVersion.ABSENT);
    get(safe().destroy(path));
    SafeRead.Absent absent = (SafeRead.Absent) read();

    SafeVersion version = written(path, SECOND, absent.version());

    assertThat(read()).isEqualTo(new SafeRead.Found(SECOND, version));
  }

  @Test
  void anOutageIsToldAndEndsByItselfWithNothingLost() {
    SafeVersion first = written(path, FIRST, SafeVersion.ABSENT);
    assertThat(get(health().probe())).isEqualTo(new SafeState.Writable());

    takeDown();
    try {
      assertThat(read()).isInstanceOf(SafeRead.Unavailable.class);
      assertThat(get(safe().write(path, SECOND, first))).isInstanceOf(SafeWrite.Unavailable.class);
      assertThat(get(safe().destroy(path))).isInstanceOf(SafeDestroy.Unavailable.class);
      assertThat(get(safe().destroyBefore(path, new SafeVersion(first.value() + 1))))
          .isInstanceOf(SafeDestroy.Unavailable.class);
      assertThat(get(health().probe())).isInstanceOf(SafeState.Unavailable.class);
      assertThat(health().activity().lastFailure()).isPresent();
    } finally {
      bringBack();
    }

    Awaitility.await().atMost(PATIENCE).until(this::read, new SafeRead.Found(FIRST, first)::equals);
    written(path, SECOND, first);
    assertThat(health().activity().state()).contains(new SafeState.Writable());
  }

  private int winnerOfRace(SafeVersion expected) {
    List<Uni<SafeWrite>> race =
        IntStream.range(0, 16)
            .mapToObj(writer -> safe().write(path, numbered(writer), expected))
            .toList();

    List<SafeWrite> outcomes = get(Uni.join().all(race).andFailFast());

    List<Integer> winners =
        IntStream.range(0, race.size())
            .filter(writer -> outcomes.get(writer) instanceof SafeWrite.Written)
            .boxed()
            .toList();
    assertThat(winners).hasSize(1);
    assertThat(outcomes).filteredOn(new SafeWrite.Conflict()::equals).hasSize(race.size() - 1);
    return winners.getFirst();
  }

  private static SafeDocument numbered(int writer) {
    return new SafeDocument(Map.of("refresh_token", "of-" + writer));
  }

  private SafeRead read() {
    return get(safe().read(path));
  }

  private SafeVersion written(SafePath where, SafeDocument document, SafeVersion expected) {
    SafeWrite outcome = get(safe().write(where, document, expected));
    assertThat(outcome).isInstanceOf(SafeWrite.Written.class);
    return ((SafeWrite.Written) outcome).version();
  }

  protected static <T> T get(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }
}
