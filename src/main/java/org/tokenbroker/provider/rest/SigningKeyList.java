package org.tokenbroker.provider.rest;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.tokenbroker.provider.KeyRing;

/** The signing keys of a registration, in the order of their creation; retired ones for a while. */
@RegisterForReflection
public record SigningKeyList(List<SigningKeyView> keys) {
  static SigningKeyList of(KeyRing ring) {
    return new SigningKeyList(ring.keys().stream().map(SigningKeyView::of).toList());
  }
}
