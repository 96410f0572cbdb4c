package org.tokenbroker.safe;

/** Outcome of destroying a document with all its versions. */
public sealed interface SafeDestroy {
  /** No version of it is left; also where there was none. */
  record Destroyed() implements SafeDestroy {}

  record Unavailable(SafeFault fault) implements SafeDestroy {}
}
