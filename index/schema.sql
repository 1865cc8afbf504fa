-- The index's only truth. The FAISS file beside it is derived from `vectors`.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,   -- see Store for what they mean
    value NOT NULL
) WITHOUT ROWID;

-- One for each transaction that changed the index. The token tells this index's generation 7 from
-- that of another, or of a copy that was restored and went another way: the FAISS file names both.
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY,
    token      TEXT NOT NULL DEFAULT (lower(hex(randomblob(8))))
);

CREATE TABLE articles (
    key           INTEGER PRIMARY KEY,   -- internal: what passages refer to
    id            TEXT NOT NULL UNIQUE,
    text          TEXT NOT NULL,
    title         TEXT NOT NULL,
    title_derived INTEGER NOT NULL,      -- 1: made from the first sentence, the article has none
    authors       TEXT NOT NULL,         -- a JSON array of strings
    publisher     TEXT NOT NULL,
    published     TEXT,                  -- YYYY-MM-DD, so that text order is date order
    modified      TEXT,
    url           TEXT,
    path          TEXT,                  -- absolute
    language      TEXT,
    line          INTEGER,               -- of the local file, where text begins
    line_starts   TEXT NOT NULL,         -- a JSON array of offsets in text
    digest        TEXT NOT NULL,         -- SHA-256 of the text and the metadata
    ingested_at   TEXT NOT NULL          -- UTC, ISO 8601
);
CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_publisher ON articles (publisher COLLATE NOCASE);
CREATE INDEX articles_path ON articles (path);

-- What an article said before it was replaced: for verification, never searched.
CREATE TABLE revisions (
    article_id  TEXT NOT NULL,
    digest      TEXT NOT NULL,
    text        TEXT NOT NULL,
    replaced_at TEXT NOT NULL
);
CREATE INDEX revisions_article ON revisions (article_id);

CREATE TABLE passages (
    id         INTEGER PRIMARY KEY,      -- 63-bit hash; the id in passage_fts and in FAISS too
    article    INTEGER NOT NULL REFERENCES articles (key),
    ordinal    INTEGER NOT NULL,
    start      INTEGER NOT NULL,         -- characters into articles.text
    "end"      INTEGER NOT NULL,
    generation INTEGER NOT NULL          -- of the transaction that stored it
);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_generation ON passages (generation);

CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (id),
    vector  BLOB NOT NULL                -- little-endian float32, unit length
);

-- Another model's vectors, until there is one for each passage and they take the place of the others.
CREATE TABLE staged (
    passage INTEGER PRIMARY KEY,
    vector  BLOB NOT NULL
);

-- Tells an index in memory or on disk which ids to drop when it catches up.
CREATE TABLE removed (
    generation INTEGER NOT NULL,
    passage    INTEGER NOT NULL,
    PRIMARY KEY (generation, passage)
) WITHOUT ROWID;

-- Passages hold no text of their own: the lexical index reads it through this view. Its rows are
-- written by Writer, not by triggers, which would cut each passage out of its article anew.
CREATE VIEW passage_text AS
SELECT p.id, a.title, substr(a.text, p.start + 1, p."end" - p.start) AS body
FROM passages p JOIN articles a ON a.key = p.article;

CREATE VIRTUAL TABLE passage_fts USING fts5 (
    title, body,
    content = 'passage_text', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- How many passages hold each stem.
CREATE VIRTUAL TABLE passage_terms USING fts5vocab (passage_fts, row);
