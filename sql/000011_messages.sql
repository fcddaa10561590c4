-- What people are told: a message an event, kept until every receiver has it. Only adds.

CREATE TABLE messages (
  -- A batch, a run, or a state of the configuration: each is told of once.
  message_id text PRIMARY KEY,
  -- Of Temporal: its workers tell the receivers that they are given.
  namespace_id text NOT NULL,
  event text NOT NULL,
  title text NOT NULL,
  lines jsonb NOT NULL,
  facts jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX messages_newest ON messages (namespace_id, created_at);

CREATE TABLE message_receivers (
  namespace_id text NOT NULL,
  -- The variable that names it; its address is a secret.
  receiver text NOT NULL,
  -- What happened before is no news to it; an hour is what a worker may take to get here.
  since timestamptz NOT NULL DEFAULT now() - interval '1 hour',
  -- One process at a time sends to it.
  held_until timestamptz,
  -- Since it has refused, or has asked for a pause.
  not_before timestamptz NOT NULL DEFAULT now(),
  failures integer NOT NULL DEFAULT 0,
  problem text,
  PRIMARY KEY (namespace_id, receiver)
);

CREATE TABLE message_deliveries (
  message_id text NOT NULL REFERENCES messages ON DELETE CASCADE,
  receiver text NOT NULL,
  delivered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (message_id, receiver)
);
CREATE INDEX message_deliveries_newest ON message_deliveries (receiver, delivered_at);
