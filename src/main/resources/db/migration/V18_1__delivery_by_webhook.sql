-- What is due is looked for webhook by webhook, a few at a time, however much waits for one of them.
CREATE INDEX delivery_by_webhook ON delivery (webhook, next_at, sequence);
DROP INDEX delivery_due;
