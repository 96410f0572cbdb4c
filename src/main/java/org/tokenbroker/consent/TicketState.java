package org.tokenbroker.consent;

/** What became of an invitation; whether it expired is a question of time, not of state. */
public enum TicketState {
  OPEN,
  /** An agreement was kept through it. */
  USED,
  /** Its connection was deleted, disabled or revoked. */
  WITHDRAWN
}
