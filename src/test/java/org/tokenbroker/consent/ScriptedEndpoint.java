package org.tokenbroker.consent;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.tokenbroker.provider.ProviderClient;
import org.tokenbroker.provider.Revocation;
import org.tokenbroker.provider.RevokeReply;
import org.tokenbroker.provider.TokenEndpoint;
import org.tokenbroker.provider.TokenReply;
import org.tokenbroker.provider.TokenRequest;

/** Answers each request as it is told to and notes the requests that were really sent. */
final class ScriptedEndpoint implements TokenEndpoint {
  private Uni<TokenReply> answer;
  private final List<TokenRequest> requests = new ArrayList<>();

  ScriptedEndpoint(TokenReply answer) {
    this.answer = Uni.createFrom().item(answer);
  }

  void answer(TokenReply next) {
    answer = Uni.createFrom().item(next);
  }

  void answer(Uni<TokenReply> next) {
    answer = next;
  }

  List<TokenRequest> requests() {
    return requests;
  }

  @Override
  public Uni<TokenReply> request(ProviderClient client, TokenRequest request) {
    return answer.onSubscription().invoke(() -> requests.add(request));
  }

  @Override
  public Uni<RevokeReply> revoke(ProviderClient client, Revocation revocation) {
    throw new AssertionError("a consent never revokes");
  }
}
