package org.tokenbroker.consent;

/** How far an attempt came. Goes forward only. */
public enum AttemptState {
  /** The owner is at the provider. */
  OPEN,
  /** A callback took it: no other one will (B4). */
  TAKEN,
  /** Its grant was kept. */
  KEPT
}
