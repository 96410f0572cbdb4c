package org.tokenbroker.refresh;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokenbroker.connection.DurableWriter;
import org.tokenbroker.fixture.HandPause;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.refresh.Freshener.Reason;
import org.tokenbroker.token.Generation;

/** A refresh that a reader began and left, and whose answer comes when a test says so. */
public final class ReaderRefresh {
  private final RefreshScene scene = RefreshScene.due();
  private final OnDemand onDemand = scene.onDemand();
  private final List<UniEmitter<? super TokenReply>> provider = new ArrayList<>();

  public void begin() {
    scene.provider = () -> Uni.createFrom().<TokenReply>emitter(emitter -> provider.add(emitter));
    onDemand
        .freshen(RefreshScene.ID, new Generation(1), Reason.TOO_LITTLE_LIFE)
        .subscribe()
        .with(answer -> {})
        .cancel();
  }

  public void answer() {
    provider.forEach(call -> call.complete(scene.granted("at-2", Optional.of("rt-2"))));
  }

  public void failSafe() {
    scene.safe.goDown();
  }

  public void mendSafe() {
    scene.safe.comeBack();
  }

  public String storedRefreshToken() {
    return scene.storedRefreshToken();
  }

  public Lease lease() {
    return scene;
  }

  public Refresher refresher() {
    return scene.refresher;
  }

  public OnDemand onDemand() {
    return onDemand;
  }

  public DurableWriter writer() {
    return scene.writer;
  }

  public HandPause pause() {
    return scene.pause;
  }
}
