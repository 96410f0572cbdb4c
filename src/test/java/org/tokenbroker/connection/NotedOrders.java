package org.tokenbroker.connection;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.tokenbroker.safe.SafePath;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;

/** An outbox that only notes what is ordered. */
public final class NotedOrders implements Revocations {
  private final List<Order> orders = new ArrayList<>();

  public List<RegistrationId> registrations() {
    return orders.stream().map(Order::registration).toList();
  }

  public List<String> ids() {
    return orders.stream().map(Order::id).toList();
  }

  /** Where the copy of an order's tokens lies. */
  public SafePath path(String order) {
    return orders.stream()
        .filter(each -> each.id().equals(order))
        .map(RevocationOrders::path)
        .findFirst()
        .orElseThrow(() -> new AssertionError("not ordered: " + order));
  }

  @Override
  public Uni<Boolean> order(Order order, Instant now) {
    return Uni.createFrom().item(() -> orders.add(order));
  }

  @Override
  public Uni<List<ToErase>> claimToErase(int limit) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<List<ToErase>> claimToErase(ConnectionId id) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Boolean> erased(ToErase ended, Instant now) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<List<Order>> claimOrders(int limit, Instant now) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Boolean> postpone(Order order, Instant nextAt) {
    throw new AssertionError("not asked in this test");
  }

  @Override
  public Uni<Boolean> done(Order order) {
    throw new AssertionError("not asked in this test");
  }
}
