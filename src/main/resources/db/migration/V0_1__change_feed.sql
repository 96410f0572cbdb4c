-- What changed, for replicas that missed the notification. One row for each row that ever changed.
CREATE TABLE change (
  kind       text        NOT NULL,
  id         text        NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (kind, id)
);

CREATE INDEX change_by_time ON change (changed_at);

-- Row trigger for tables whose primary key is the text column "id".
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key text := CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END;
BEGIN
  INSERT INTO change (kind, id, changed_at) VALUES (TG_TABLE_NAME, key, clock_timestamp())
    ON CONFLICT (kind, id) DO UPDATE SET changed_at = EXCLUDED.changed_at;
  PERFORM pg_notify('token_broker', TG_TABLE_NAME || ' ' || key);
  RETURN NULL;
END $$;
