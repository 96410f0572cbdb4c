-- Since when a registration's client is as it is now: a token that came before tells nothing of it. NULL: since before this column.
ALTER TABLE registration ADD COLUMN client_since timestamptz;

CREATE FUNCTION note_client_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.client_since := clock_timestamp();
  RETURN NEW;
END $$;

CREATE TRIGGER registration_client_changed BEFORE UPDATE ON registration FOR EACH ROW
  WHEN (NEW.version > OLD.version)
  EXECUTE FUNCTION note_client_change();
