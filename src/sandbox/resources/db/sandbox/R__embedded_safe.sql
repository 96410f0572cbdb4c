-- The safe of the sandbox: one encrypted document per path. Repeatable, so that it needs no place among the numbered migrations of
-- the product.
create table if not exists embedded_safe (
  path       text   primary key,
  version    bigint not null check (version > 0),
  ciphertext bytea  not null
);
