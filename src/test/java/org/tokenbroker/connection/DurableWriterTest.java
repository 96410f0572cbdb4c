package org.tokenbroker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tokenbroker.connection.Credential.Grant;
import org.tokenbroker.connection.DurableWriter.Decision;
import org.tokenbroker.connection.DurableWriter.Settled;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.fixture.MemorySafe;
import org.tokenbroker.fixture.Requirement;
import org.tokenbroker.safe.SafeVersion;
import org.tokenbroker.token.ConnectionId;

class DurableWriterTest {
  private static final ConnectionId ID = new ConnectionId("acme");
  private static final Grant GRANT = new Grant("grant", Instant.EPOCH);

  private final MemorySafe safe = new MemorySafe();
  private final HandPause pause = new HandPause();
  private final Credentials credentials = new Credentials(safe);
  private final DurableWriter writer = new DurableWriter(credentials, pause);

  @Test
  void storesWhatTheMergeDecides() {
    assertThat(settled(writer.settle(ID, DurableWriterTest::marked)))
        .isInstanceOf(Settled.Stored.class);

    assertThat(stored().grant()).contains(GRANT);
    assertThat(writer.undurable()).isZero();
  }

  @Test
  @Requirement("G-1")
  void goesOnUntilTheSafeComesBackAndSaysMeanwhileThatSomethingIsNotDurable() {
    safe.goDown();
    UniAssertSubscriber<Settled> waiting =
        writer
            .settle(ID, DurableWriterTest::marked)
            .subscribe()
            .withSubscriber(UniAssertSubscriber.create());
    for (int i = 0; i < 50; i++) {
      pause.elapse();
    }
    waiting.assertNotTerminated();
    assertThat(writer.undurable()).isEqualTo(1);

    safe.comeBack();
    pause.elapse();

    waiting.assertCompleted();
    assertThat(stored().grant()).contains(GRANT);
    assertThat(writer.undurable()).isZero();
  }

  @Test
  @Requirement("G-1")
  void goesOnWhenWhoeverWaitedForItLeaves() {
    safe.goDown();
    UniAssertSubscriber<Settled> waiting =
        writer
            .settle(ID, DurableWriterTest::marked)
            .subscribe()
            .withSubscriber(UniAssertSubscriber.create());
    waiting.cancel();

    safe.comeBack();
    pause.elapse();

    assertThat(stored().grant()).contains(GRANT);
  }

  @Test
  void afterAConflictMergesOntoWhatTheOtherWrote() {
    Credential others = Credential.EMPTY.awaiting(new Grant("other", Instant.EPOCH));
    safe.beforeNextWrite(() -> settled(credentials.write(ID, others, SafeVersion.ABSENT)));

    Uni<Settled> settling = writer.settle(ID, DurableWriterTest::marked);
    pause.elapse();

    assertThat(settled(settling)).isInstanceOf(Settled.Stored.class);
    assertThat(stored().grant()).contains(GRANT);
    assertThat(stored().awaited()).isEqualTo(others.awaited());
  }

  @Test
  void writesNothingWhenTheMergeDropsIt() {
    assertThat(settled(writer.settle(ID, current -> new Decision.Drop())))
        .isInstanceOf(Settled.Dropped.class);

    assertThat(safe.documents()).isEmpty();
  }

  private static Decision marked(Credential current) {
    return new Decision.Store(
        new Credential(
            Optional.of(GRANT),
            current.accessToken(),
            current.refreshToken(),
            current.pending(),
            current.awaited()));
  }

  private Credential stored() {
    return settled(credentials.read(ID)) instanceof CredentialRead.Found found
        ? found.credential()
        : Credential.EMPTY;
  }

  private static <T> T settled(Uni<T> uni) {
    return uni.subscribe().withSubscriber(UniAssertSubscriber.create()).assertCompleted().getItem();
  }
}
