package org.tokenbroker.token;

/** What a consumer is handed to call an API with. */
public sealed interface Servable permits AccessToken, ApiKey {
  Secret value();

  /** What it is good for. */
  Scopes scopes();

  /** Its number among those of its connection, at least 1. */
  Generation generation();
}
