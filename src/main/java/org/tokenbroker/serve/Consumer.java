package org.tokenbroker.serve;

import org.tokenbroker.platform.identity.PeerIdentity;

/** A workload that fetches tokens, known by its client certificate. */
public record Consumer(PeerIdentity identity) {
  @Override
  public String toString() {
    return identity.value();
  }
}
