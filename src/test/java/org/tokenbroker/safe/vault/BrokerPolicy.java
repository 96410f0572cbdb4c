package org.tokenbroker.safe.vault;

/** Exactly the rights that {@link VaultSafeConfig} asks for. */
final class BrokerPolicy {
  static final String NAME = "token-broker";
  static final String RULES =
      """
      path "secret/data/token-broker/*" { capabilities = ["create", "read", "update"] }
      path "secret/metadata/token-broker/*" { capabilities = ["create", "update", "delete"] }
      path "secret/destroy/token-broker/*" { capabilities = ["update"] }
      """;

  private BrokerPolicy() {}
}
