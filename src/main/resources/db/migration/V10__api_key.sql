-- API keys: no owner agrees to them, and nothing renews them.
ALTER TABLE connection DROP CONSTRAINT connection_grant_type_check;
ALTER TABLE connection ADD CONSTRAINT connection_grant_type_check
  CHECK (grant_type IN ('authorization_code', 'client_credentials', 'api_key'));
ALTER TABLE connection ADD CONSTRAINT connection_key_is_never_due CHECK (grant_type <> 'api_key' OR due_at IS NULL);

-- A key leaves only where a rule says so (E6).
ALTER TABLE access_rule ADD COLUMN api_keys boolean NOT NULL DEFAULT false;
