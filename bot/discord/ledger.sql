-- What the Discord bot remembers. Ids of servers, channels, users and messages are Discord's (63 bits).

CREATE TABLE servers (
    server_id INTEGER PRIMARY KEY,
    settings  TEXT NOT NULL          -- ServerSettings as JSON
);

CREATE TABLE cards (
    key        INTEGER PRIMARY KEY,  -- internal: the newer card has the greater one
    id         TEXT NOT NULL UNIQUE,
    server_id  INTEGER,              -- NULL: a direct message
    channel_id INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,     -- who asked
    message_id INTEGER,              -- NULL until it is sent
    asked_at   TEXT NOT NULL,        -- UTC, ISO 8601, so that text order is time order
    collection TEXT,                 -- NULL: the common index
    reply      TEXT NOT NULL         -- Reply as JSON
);
CREATE INDEX cards_message_id ON cards (message_id);
CREATE INDEX cards_channel_id ON cards (channel_id);
CREATE INDEX cards_server_id ON cards (server_id);
CREATE INDEX cards_asked_at ON cards (asked_at);

CREATE TABLE feedback (
    card_id  TEXT NOT NULL REFERENCES cards (id) ON DELETE CASCADE,
    judge_id INTEGER NOT NULL,       -- the user who judged
    good     INTEGER NOT NULL,
    reason   TEXT,                   -- a Reason's value
    comment  TEXT NOT NULL,
    given_at TEXT NOT NULL,          -- UTC, ISO 8601
    PRIMARY KEY (card_id, judge_id)
) WITHOUT ROWID;

-- Small facts that outlive a restart, such as which commands Discord was told of.
CREATE TABLE notes (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
