-- While a registration is faulty its connections are put off to the next probe. Once it is mended they are due within seconds, spread so
-- that they do not come all at once; whoever is not due yet is planned anew by the sweep.
CREATE FUNCTION hurry_connections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE connection SET due_at = LEAST(due_at, clock_timestamp() + random() * interval '10 seconds')
    WHERE registration = NEW.id AND deleted_at IS NULL AND due_at IS NOT NULL AND state IN ('active', 'ailing', 'unclaimed', 'pending_consent');
  RETURN NULL;
END $$;

CREATE TRIGGER registration_mended AFTER UPDATE ON registration FOR EACH ROW
  WHEN (OLD.fault IS NOT NULL AND NEW.fault IS NULL)
  EXECUTE FUNCTION hurry_connections();
