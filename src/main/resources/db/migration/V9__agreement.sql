-- How long an owner's agreement lasts (G-9). All three stay NULL where no owner agreed.
ALTER TABLE connection
  ADD COLUMN agreed_at         timestamptz,
  ADD COLUMN consent_ends_at   timestamptz,
  -- Set once for each agreement, when its end draws near.
  ADD COLUMN consent_warned_at timestamptz,
  ADD CONSTRAINT connection_agreement_is_whole
    CHECK (agreed_at IS NOT NULL OR (consent_ends_at IS NULL AND consent_warned_at IS NULL));

CREATE INDEX connection_consent_ends ON connection (consent_ends_at)
  WHERE consent_ends_at IS NOT NULL AND consent_warned_at IS NULL AND deleted_at IS NULL;

CREATE FUNCTION note_consent_expiring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM write_connection_event(NEW, 'connection.consent_expiring', NULL, NEW.consent_ends_at);
  RETURN NULL;
END $$;

CREATE TRIGGER connection_consent_event AFTER UPDATE ON connection FOR EACH ROW
  WHEN (OLD.consent_warned_at IS NULL AND NEW.consent_warned_at IS NOT NULL)
  EXECUTE FUNCTION note_consent_expiring();
