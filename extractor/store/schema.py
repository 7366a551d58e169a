"""The tables of a ledger, told as annotated DDL under named migrations."""

from __future__ import annotations

APPLICATION_ID = 0x6465616C  # "deal" in ASCII, kept in the header of the SQLite file

_GATHERED = """
CREATE TABLE feeds (
    id          INTEGER PRIMARY KEY,
    url         TEXT NOT NULL UNIQUE,             -- as subscribed
    title       TEXT NOT NULL DEFAULT '',         -- as the feed calls itself
    etag        TEXT NOT NULL DEFAULT '',         -- ETag of the last answer, for conditional GET
    modified    TEXT NOT NULL DEFAULT '',         -- Last-Modified of the last answer
    next_poll   TEXT,                             -- ISO 8601 UTC; NULL: whenever asked
    failures    INTEGER NOT NULL DEFAULT 0        -- polls that failed since the last success
);

CREATE TABLE entries (
    id          INTEGER PRIMARY KEY,
    feed_id     INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    guid        TEXT NOT NULL,                    -- the feed's own name of the item
    url         TEXT NOT NULL,                    -- absolute link of the item
    title       TEXT NOT NULL DEFAULT '',         -- as the feed states it
    published   TEXT,                             -- as the feed states it, ISO 8601 UTC
    summary     TEXT NOT NULL DEFAULT '',         -- as the feed states it
    UNIQUE (feed_id, guid)
);

CREATE TABLE pages (
    id          INTEGER PRIMARY KEY,
    url         TEXT NOT NULL,                    -- as asked
    final_url   TEXT NOT NULL,                    -- after redirects
    status      INTEGER NOT NULL,                 -- HTTP status; 200 for files
    headers     TEXT NOT NULL DEFAULT '[]',       -- JSON list of [name, value]
    body        BLOB NOT NULL,                    -- the bytes as received, zlib-compressed
    body_digest TEXT NOT NULL,                    -- SHA-256 of the bytes as received
    fetched_at  TEXT,                             -- ISO 8601 UTC, first time these bytes came
    article_id  INTEGER                           -- what was cut from it; NULL: no article
                REFERENCES articles (id) ON DELETE SET NULL,
    UNIQUE (url, body_digest)
);
CREATE INDEX pages_by_article ON pages (article_id);

CREATE TABLE articles (
    id            INTEGER PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,           -- id given by the source, else canonical url
    url           TEXT NOT NULL,                  -- where it was found
    canonical_url TEXT NOT NULL,                  -- the same without tracking and variants
    title         TEXT NOT NULL,                  -- offsets of part 'title' refer to it
    site          TEXT NOT NULL,                  -- publisher's name or host
    author        TEXT NOT NULL,                  -- byline
    published     TEXT,                           -- ISO 8601 UTC; NULL: not stated
    language      TEXT NOT NULL,                  -- ISO 639-1, '' when unknown
    text          TEXT NOT NULL,                  -- canonical; offsets of part 'text' refer to it
    digest        TEXT NOT NULL,                  -- names this version of the text
    added_at      TEXT NOT NULL                   -- ISO 8601 UTC, when this version came in
);
CREATE INDEX articles_by_published ON articles (published);
CREATE INDEX articles_by_canonical_url ON articles (canonical_url);

-- What an article said before its page was edited.
CREATE TABLE article_versions (
    id          INTEGER PRIMARY KEY,
    article_id  INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    title       TEXT NOT NULL,                    -- as it was
    text        TEXT NOT NULL,                    -- as it was
    digest      TEXT NOT NULL,                    -- of that version
    added_at    TEXT NOT NULL,                    -- when that version came in
    UNIQUE (article_id, digest)
);

CREATE TABLE failures (
    source      TEXT NOT NULL,                    -- url, or file and line
    stage       TEXT NOT NULL,                    -- source | feed | page | article | reading
    reason      TEXT NOT NULL,                    -- what was tried and why it failed
    at          TEXT NOT NULL,                    -- ISO 8601 UTC, the last time
    PRIMARY KEY (source, stage)                   -- a later success removes the row
);

CREATE TABLE runs (
    id            INTEGER PRIMARY KEY,
    verb          TEXT NOT NULL,                  -- ingest | reread
    started_at    TEXT NOT NULL,                  -- ISO 8601 UTC
    finished_at   TEXT,                           -- NULL: running, or broken off
    fingerprint   TEXT NOT NULL,                  -- of the reading pipeline
    articles_new  INTEGER NOT NULL DEFAULT 0,     -- new articles, new versions
    articles_read INTEGER NOT NULL DEFAULT 0,     -- articles that the pipeline read
    failures      INTEGER NOT NULL DEFAULT 0      -- sources that failed
);
"""

_READ = """
-- The last reading of an article; all that it found hangs on it.
CREATE TABLE readings (
    article_id  INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,                    -- of the rules and code that read it
    read_at     TEXT NOT NULL                     -- ISO 8601 UTC
);

CREATE TABLE facts (
    id          INTEGER PRIMARY KEY,
    article_id  INTEGER NOT NULL REFERENCES readings (article_id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,                    -- company, ticker, money, power ...
    name        TEXT,                             -- value of a company, ticker or site
    company_key TEXT,                             -- comparison key of a company's name
    number      REAL,                             -- value in `unit`
    unit        TEXT NOT NULL,                    -- ISO 4217, MW, years, asset symbol or ''
    part        TEXT NOT NULL CHECK (part IN ('title', 'text')),
    start_char  INTEGER NOT NULL CHECK (start_char >= 0),
    end_char    INTEGER NOT NULL,                 -- exclusive
    literal     TEXT NOT NULL,                    -- the characters at that place
    rule        TEXT NOT NULL CHECK (rule <> ''), -- the rule that found it
    role        TEXT NOT NULL DEFAULT '',         -- what the number measures, where known
    CHECK (start_char < end_char),
    CHECK ((name IS NULL) <> (number IS NULL))
);
CREATE INDEX facts_by_article ON facts (article_id);
CREATE INDEX facts_by_company ON facts (company_key, article_id) WHERE company_key IS NOT NULL;

-- One deal as one article tells it.
CREATE TABLE reports (
    id          INTEGER PRIMARY KEY,
    article_id  INTEGER NOT NULL REFERENCES readings (article_id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,                 -- order within the article, from 0
    type        TEXT NOT NULL,                    -- hosting, compute, power ...
    status      TEXT NOT NULL,                    -- announced, proposed, completed ...
    rule        TEXT NOT NULL CHECK (rule <> ''), -- the frame that recognised the deal
    UNIQUE (article_id, ordinal)
);

CREATE TABLE report_slots (
    id          INTEGER PRIMARY KEY,
    report_id   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    slot        TEXT NOT NULL,                    -- company, value, megawatts ...
    name        TEXT,                             -- value of a party, site or status
    number      REAL,                             -- value in `unit`
    unit        TEXT NOT NULL,                    -- as in facts
    part        TEXT NOT NULL CHECK (part IN ('title', 'text')),
    start_char  INTEGER NOT NULL CHECK (start_char >= 0),
    end_char    INTEGER NOT NULL,                 -- exclusive
    rule        TEXT NOT NULL CHECK (rule <> ''), -- the rule that filled the slot
    CHECK (start_char < end_char),
    CHECK ((name IS NULL) <> (number IS NULL))
);
CREATE INDEX report_slots_by_report ON report_slots (report_id);

CREATE TABLE report_evidence (
    id          INTEGER PRIMARY KEY,
    report_id   INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    part        TEXT NOT NULL CHECK (part IN ('title', 'text')),
    start_char  INTEGER NOT NULL CHECK (start_char >= 0),
    end_char    INTEGER NOT NULL,                 -- exclusive
    CHECK (start_char < end_char)
);
CREATE INDEX report_evidence_by_report ON report_evidence (report_id);
"""

_TOLD = """
CREATE TABLE stories (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE              -- given by the stories stage
);

CREATE TABLE story_members (
    article_id  INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    story_id    INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,                 -- order of publication, from 0
    score       REAL NOT NULL,                    -- how sure the stories stage is, 0 to 1
    reason      TEXT NOT NULL                     -- 'first', 'same url', 'copy' ...
);
CREATE INDEX story_members_by_story ON story_members (story_id, ordinal);

CREATE TABLE companies (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,             -- comparison key of the name
    name        TEXT NOT NULL,                    -- current usual name
    category    TEXT NOT NULL DEFAULT '',         -- miner, ai_cloud, bank ...
    listed      INTEGER NOT NULL                  -- 1: in models/; 0: met in a deal only
                CHECK (listed IN (0, 1))
);

CREATE TABLE company_names (
    company_id  INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL                     -- how the name relates to the company
                CHECK (kind IN ('current', 'alias', 'former', 'ticker', 'former ticker')),
    name        TEXT NOT NULL,                    -- as models/ spells it
    key         TEXT NOT NULL,                    -- comparison key
    PRIMARY KEY (company_id, kind, name)
);
CREATE INDEX company_names_by_key ON company_names (key);

-- One transaction across articles: what its reports agree on.
CREATE TABLE deals (
    id              INTEGER PRIMARY KEY,
    key             TEXT NOT NULL UNIQUE,         -- given by the deals stage, stable
    type            TEXT NOT NULL,                -- hosting, compute, power ...
    status          TEXT NOT NULL,                -- the newest in deal_history
    company         TEXT NOT NULL,                -- the principal's name
    value           REAL,                         -- headline amount, whole units of `currency`
    currency        TEXT NOT NULL DEFAULT '',     -- ISO 4217
    value_max       REAL,                         -- with extensions and options
    megawatts       REAL,                         -- contracted, critical IT where stated
    megawatts_gross REAL,                         -- gross, where both are stated
    term_years      REAL,                         -- initial term
    gpus            REAL,                         -- accelerators or machines
    coins           REAL,                         -- coins moved
    site            TEXT NOT NULL DEFAULT '',     -- as written
    first_published TEXT,                         -- ISO 8601 UTC, of the earliest report
    last_published  TEXT                          -- ISO 8601 UTC, of the latest report
);
CREATE INDEX deals_by_date ON deals (first_published);
CREATE INDEX deals_by_value ON deals (value);

CREATE TABLE deal_parties (
    deal_id     INTEGER NOT NULL REFERENCES deals (id) ON DELETE CASCADE,
    role        TEXT NOT NULL CHECK (role IN ('company', 'counterparty', 'backer')),
    ordinal     INTEGER NOT NULL,                 -- order of mention, from 0
    company_id  INTEGER NOT NULL REFERENCES companies (id),
    name        TEXT NOT NULL,                    -- as the deals stage gives it
    PRIMARY KEY (deal_id, role, ordinal)
);
CREATE INDEX deal_parties_by_company ON deal_parties (company_id, role);

CREATE TABLE deal_reports (
    report_id   INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    deal_id     INTEGER NOT NULL REFERENCES deals (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL                  -- order within the deal, from 0
);
CREATE INDEX deal_reports_by_deal ON deal_reports (deal_id, ordinal);

-- Fields on which articles disagree: who says what.
CREATE TABLE deal_conflicts (
    id          INTEGER PRIMARY KEY,
    deal_id     INTEGER NOT NULL REFERENCES deals (id) ON DELETE CASCADE,
    slot        TEXT NOT NULL,                    -- the contested field
    name        TEXT,                             -- the value if it is a name
    number      REAL,                             -- the value if it is a number
    article_id  INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    CHECK ((name IS NULL) <> (number IS NULL))
);
CREATE INDEX deal_conflicts_by_deal ON deal_conflicts (deal_id);

CREATE TABLE deal_history (
    id          INTEGER PRIMARY KEY,
    deal_id     INTEGER NOT NULL REFERENCES deals (id) ON DELETE CASCADE,
    status      TEXT NOT NULL,                    -- announced, proposed, completed ...
    since       TEXT,                             -- ISO 8601 UTC, when first reported
    article_id  INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX deal_history_by_deal ON deal_history (deal_id);
"""

_VIEWS = """
-- The flat ledger: one row a deal.
CREATE VIEW ledger AS
SELECT
    d.key,
    d.type,
    d.status,
    d.company,
    (SELECT group_concat(name, '; ') FROM (
        SELECT name FROM deal_parties
        WHERE deal_id = d.id AND role = 'counterparty' ORDER BY ordinal
    )) AS counterparties,
    (SELECT group_concat(name, '; ') FROM (
        SELECT name FROM deal_parties
        WHERE deal_id = d.id AND role = 'backer' ORDER BY ordinal
    )) AS backers,
    d.value,
    d.currency,
    d.value_max,
    d.megawatts,
    d.megawatts_gross,
    d.term_years,
    d.gpus,
    d.coins,
    d.site,
    d.first_published,
    d.last_published,
    (SELECT count(DISTINCT r.article_id)
        FROM deal_reports AS dr JOIN reports AS r ON r.id = dr.report_id
        WHERE dr.deal_id = d.id) AS articles,
    (SELECT count(DISTINCT c.slot)
        FROM deal_conflicts AS c WHERE c.deal_id = d.id) AS conflicts
FROM deals AS d;

-- Behind every field of every deal: the place in the article that says so.
CREATE VIEW evidence AS
SELECT
    d.key        AS deal,
    s.slot,
    s.name,
    s.number,
    s.unit,
    substr(CASE s.part WHEN 'title' THEN a.title ELSE a.text END,
           s.start_char + 1, s.end_char - s.start_char) AS literal,
    s.part,
    s.start_char,
    s.end_char,
    s.rule,
    a.key        AS article,
    a.title,
    a.site,
    a.url,
    a.published
FROM deals AS d
JOIN deal_reports AS dr ON dr.deal_id = d.id
JOIN reports AS r       ON r.id = dr.report_id
JOIN report_slots AS s  ON s.report_id = r.id
JOIN articles AS a      ON a.id = r.article_id;
"""

_SEARCH = """
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, text,
    content = 'articles', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text);
END;

CREATE TRIGGER articles_removed AFTER DELETE ON articles BEGIN
    INSERT INTO article_search (article_search, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
END;

CREATE TRIGGER articles_edited AFTER UPDATE OF title, text ON articles BEGIN
    INSERT INTO article_search (article_search, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text);
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
"""

_ARCHIVE = """
ALTER TABLE pages ADD COLUMN canonical_url TEXT;     -- `url` without tracking and variants
ALTER TABLE pages ADD COLUMN entry TEXT;             -- JSON: what a feed said of it; NULL: none did
ALTER TABLE pages ADD COLUMN article_digest TEXT;    -- the version of the article cut from it
ALTER TABLE pages ADD COLUMN seen_at TEXT;           -- ISO 8601 UTC, last time these bytes came
ALTER TABLE pages ADD COLUMN pruned_at TEXT;         -- ISO 8601 UTC; `body` is empty since then
-- Bodies lie between the columns of a row: what is asked often is answered by an index alone.
CREATE INDEX pages_by_canonical_url ON pages (canonical_url, article_id);
CREATE INDEX pages_by_age ON pages (pruned_at, seen_at);

-- The newest page of an article is what its present version was cut from.
UPDATE pages SET seen_at = fetched_at;
UPDATE pages SET article_digest = (SELECT digest FROM articles WHERE id = article_id)
WHERE id IN (SELECT max(id) FROM pages WHERE article_id IS NOT NULL GROUP BY article_id);

-- 1: the page behind it is to be fetched, since the entry is new; 2: since it was edited.
ALTER TABLE entries ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entries_by_url ON entries (url);
CREATE INDEX entries_due ON entries (feed_id) WHERE due;
UPDATE entries SET due = 1 WHERE url NOT IN (
    SELECT url FROM articles
    UNION SELECT canonical_url FROM articles
    UNION SELECT url FROM pages WHERE article_id IS NOT NULL
);

-- What an earlier version said, for comparison with what came after it.
ALTER TABLE article_versions ADD COLUMN published TEXT;    -- as it was
ALTER TABLE article_versions ADD COLUMN reading TEXT;      -- JSON of facts, reports; NULL: unread
ALTER TABLE article_versions ADD COLUMN fingerprint TEXT;  -- of the rules that read it
CREATE INDEX article_versions_by_fingerprint ON article_versions (fingerprint);
UPDATE article_versions
SET published = (SELECT published FROM articles WHERE id = article_id);
"""

_WARNINGS = """
-- What an article may lack, as it was gathered: its page was kept back, figures were lost.
CREATE TABLE article_warnings (
    article_id  INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,                    -- paywall, login, challenge, lost figures ...
    reason      TEXT NOT NULL,                    -- the same in words
    PRIMARY KEY (article_id, kind)
) WITHOUT ROWID;
"""

_WATCHED = """
ALTER TABLE feeds ADD COLUMN watched INTEGER NOT NULL DEFAULT 0;   -- 1: `dealwire watch` polls it
ALTER TABLE feeds ADD COLUMN folder TEXT NOT NULL DEFAULT '';      -- of the list that it came from
ALTER TABLE feeds ADD COLUMN interval_seconds REAL NOT NULL DEFAULT 0;  -- its own pace; 0: unknown
ALTER TABLE feeds ADD COLUMN last_poll TEXT;                       -- ISO 8601 UTC
ALTER TABLE feeds ADD COLUMN last_success TEXT;                    -- ISO 8601 UTC
ALTER TABLE feeds ADD COLUMN last_error TEXT NOT NULL DEFAULT '';  -- '' after a success
ALTER TABLE feeds ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';    -- by permanent redirects
ALTER TABLE feeds ADD COLUMN is_gone INTEGER NOT NULL DEFAULT 0;   -- 1: answered 410
CREATE INDEX feeds_by_next_poll ON feeds (next_poll) WHERE watched = 1;

ALTER TABLE entries ADD COLUMN url_key TEXT NOT NULL DEFAULT '';   -- comparison key of the link
ALTER TABLE entries ADD COLUMN digest TEXT NOT NULL DEFAULT '';    -- of title, date, summary
ALTER TABLE entries ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;   -- of its page, that failed
ALTER TABLE entries ADD COLUMN next_try TEXT;                      -- if due: not before; NULL: now
CREATE INDEX entries_by_url_key ON entries (url_key, feed_id);
CREATE INDEX entries_by_digest ON entries (feed_id, digest);

-- What is posted to a receiver of webhooks: written together with the deals that it tells of.
CREATE TABLE events (
    id            INTEGER PRIMARY KEY,
    webhook_id    TEXT NOT NULL UNIQUE,           -- the same in every attempt
    deal_key      TEXT NOT NULL,                  -- of which deal
    body          TEXT NOT NULL,                  -- JSON, byte for byte as it is signed
    created_at    TEXT NOT NULL,                  -- ISO 8601 UTC
    attempts      INTEGER NOT NULL DEFAULT 0,     -- that failed
    next_attempt  TEXT NOT NULL,                  -- ISO 8601 UTC
    last_error    TEXT NOT NULL DEFAULT '',       -- of the last attempt
    sent_at       TEXT                            -- NULL: not taken by the receiver yet
);
CREATE INDEX events_waiting ON events (next_attempt) WHERE sent_at IS NULL;

-- What receivers know, or need not be told since it was there before the first of them.
CREATE TABLE announced_deals (
    deal_key    TEXT PRIMARY KEY,
    since       TEXT NOT NULL                     -- ISO 8601 UTC
) WITHOUT ROWID;
CREATE TABLE announced_articles (
    article_id  INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    digest      TEXT NOT NULL                     -- of the version whose deals are known
);
CREATE TABLE announcing (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    since       TEXT NOT NULL                     -- ISO 8601 UTC, the first `watch --notify`
);
"""

_ACROSS_ARTICLES = """
-- Whose deal it is: the comparison key of the company, by which deals are assembled.
ALTER TABLE deals ADD COLUMN principal TEXT NOT NULL DEFAULT '';
CREATE INDEX deals_by_principal ON deals (principal);

-- The story that a report counted with, and the kind of primary source it is, '' for others.
ALTER TABLE deal_reports ADD COLUMN story TEXT NOT NULL DEFAULT '';
ALTER TABLE deal_reports ADD COLUMN source TEXT NOT NULL DEFAULT '';

-- How a value differs from the agreed one: contradiction, update, scope, currency, rounding;
-- '' for the agreed one itself.
ALTER TABLE deal_conflicts ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE deal_conflicts ADD COLUMN label TEXT NOT NULL DEFAULT '';

-- Which deals of a principal expand earlier ones, are summed up in a backlog, or have one
-- printed amount between them.
CREATE TABLE deal_links (
    deal_id     INTEGER NOT NULL REFERENCES deals (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('expands', 'sums', 'same amount')),
    other       TEXT NOT NULL,                    -- key of the earlier contract, the part ...
    total       INTEGER NOT NULL,                 -- 1: figures include those of the other
    PRIMARY KEY (deal_id, kind, other)
);
CREATE INDEX deal_links_by_other ON deal_links (other);

-- Figures computed from a deal beside the band in which such figures usually lie.
CREATE TABLE deal_checks (
    deal_id     INTEGER NOT NULL REFERENCES deals (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,                    -- '$ per MW-year'
    number      REAL NOT NULL,                    -- as computed
    low         REAL NOT NULL,                    -- the usual band
    high        REAL NOT NULL,
    verdict     TEXT NOT NULL CHECK (verdict IN ('usual', 'unusual', 'doubtful')),
    hint        TEXT NOT NULL,                    -- the slip that would explain it, or ''
    PRIMARY KEY (deal_id, name)
);

-- The flat ledger once more, with the voices behind each deal and what it adds to.
DROP VIEW ledger;
CREATE VIEW ledger AS
SELECT
    d.key,
    d.type,
    d.status,
    d.company,
    (SELECT group_concat(name, '; ') FROM (
        SELECT name FROM deal_parties
        WHERE deal_id = d.id AND role = 'counterparty' ORDER BY ordinal
    )) AS counterparties,
    (SELECT group_concat(name, '; ') FROM (
        SELECT name FROM deal_parties
        WHERE deal_id = d.id AND role = 'backer' ORDER BY ordinal
    )) AS backers,
    d.value,
    d.currency,
    d.value_max,
    d.megawatts,
    d.megawatts_gross,
    d.term_years,
    d.gpus,
    d.coins,
    d.site,
    d.first_published,
    d.last_published,
    (SELECT count(DISTINCT r.article_id)
        FROM deal_reports AS dr JOIN reports AS r ON r.id = dr.report_id
        WHERE dr.deal_id = d.id) AS articles,
    (SELECT count(DISTINCT dr.story)
        FROM deal_reports AS dr WHERE dr.deal_id = d.id) AS stories,
    (SELECT count(*)
        FROM deal_reports AS dr WHERE dr.deal_id = d.id AND dr.source <> '') AS primary_sources,
    (SELECT count(DISTINCT c.slot)
        FROM deal_conflicts AS c WHERE c.deal_id = d.id) AS conflicts,
    (SELECT l.other
        FROM deal_links AS l WHERE l.deal_id = d.id AND l.kind = 'expands') AS expands
FROM deals AS d;

-- What the deals were assembled by. No row, or another fingerprint: all are assembled anew.
CREATE TABLE assembly (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT NOT NULL                     -- of the rules and code of the deals stage
);

-- What has changed since: only the deals of these are assembled again. Filled by the triggers
-- below, whoever writes; emptied together with writing the deals.
CREATE TABLE stale_articles (
    article_id  INTEGER PRIMARY KEY               -- its reports, or their story, are new
);
CREATE TABLE stale_principals (
    principal   TEXT PRIMARY KEY                  -- a deal of this company lost a report
);

CREATE TRIGGER report_came AFTER INSERT ON reports BEGIN
    INSERT OR IGNORE INTO stale_articles VALUES (new.article_id);
END;

CREATE TRIGGER report_went AFTER DELETE ON deal_reports BEGIN
    INSERT OR IGNORE INTO stale_principals
    SELECT c.key FROM deal_parties AS p JOIN companies AS c ON c.id = p.company_id
    WHERE p.deal_id = old.deal_id AND p.role IN ('company', 'counterparty');
END;

-- An article counts anew where its story is another one than it counted with.
CREATE TRIGGER story_got_member AFTER INSERT ON story_members
WHEN EXISTS (
    SELECT 1 FROM reports AS r LEFT JOIN deal_reports AS dr ON dr.report_id = r.id
    WHERE r.article_id = new.article_id
        AND dr.story IS NOT (SELECT key FROM stories WHERE id = new.story_id)
)
BEGIN
    INSERT OR IGNORE INTO stale_articles VALUES (new.article_id);
END;

CREATE TRIGGER member_changed_story AFTER UPDATE OF story_id ON story_members
WHEN EXISTS (
    SELECT 1 FROM reports AS r LEFT JOIN deal_reports AS dr ON dr.report_id = r.id
    WHERE r.article_id = new.article_id
        AND dr.story IS NOT (SELECT key FROM stories WHERE id = new.story_id)
)
BEGIN
    INSERT OR IGNORE INTO stale_articles VALUES (new.article_id);
END;

CREATE TRIGGER story_changed_key AFTER UPDATE OF key ON stories WHEN new.key <> old.key BEGIN
    INSERT OR IGNORE INTO stale_articles
    SELECT article_id FROM story_members WHERE story_id = new.id;
END;
"""

_STORY_INDEX = """
-- What the stories stage keeps of an article that was read, so that a new article is compared
-- with few and nothing is compared twice.
CREATE TABLE story_profiles (
    article_id  INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,                 -- published, minutes since 1970; -1: undated
    keys        BLOB NOT NULL,                    -- its keys in story_postings, 64 bits each
    body        BLOB NOT NULL                     -- the profile, as the stories stage writes it
);

-- Who has a rare name, figure, address or run of words: hashes of them.
CREATE TABLE story_postings (
    key         INTEGER NOT NULL,                 -- kind of feature, then its hash
    at          INTEGER NOT NULL,                 -- as in story_profiles
    article_id  INTEGER NOT NULL,
    PRIMARY KEY (key, at, article_id)
) WITHOUT ROWID;

-- Pairs of articles that were found to tell one story.
CREATE TABLE story_ties (
    left_id     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    right_id    INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    score       REAL NOT NULL,                    -- 0 to 1
    reason      TEXT NOT NULL,                    -- 'same url', 'copy' ...
    PRIMARY KEY (left_id, right_id),
    CHECK (left_id < right_id)
) WITHOUT ROWID;
CREATE INDEX story_ties_by_right ON story_ties (right_id);

-- What people decided: two articles tell one story, or do not.
CREATE TABLE story_decisions (
    id          INTEGER PRIMARY KEY,              -- a later decision counts first
    left_id     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    right_id    INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    joined      INTEGER NOT NULL CHECK (joined IN (0, 1)),
    decided_at  TEXT NOT NULL,                    -- ISO 8601 UTC
    UNIQUE (left_id, right_id),
    CHECK (left_id < right_id)
);
CREATE INDEX story_decisions_by_right ON story_decisions (right_id);

-- The earlier member with which an article has most in common.
ALTER TABLE story_members ADD COLUMN tied_to INTEGER REFERENCES articles (id) ON DELETE SET NULL;

-- Articles whose story is to be found, anew or for the first time.
CREATE TABLE story_pending (
    article_id  INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE
);
INSERT INTO story_pending (article_id) SELECT article_id FROM readings;

CREATE TRIGGER readings_pending AFTER INSERT ON readings BEGIN
    INSERT OR IGNORE INTO story_pending (article_id) VALUES (new.article_id);
END;

-- An article that is deleted itself is gone already, and no longer pending.
CREATE TRIGGER readings_gone AFTER DELETE ON readings BEGIN
    INSERT OR IGNORE INTO story_pending (article_id)
    SELECT id FROM articles WHERE id = old.article_id;
END;

-- The rules that the profiles and ties were made by.
CREATE TABLE story_rules (
    fingerprint TEXT NOT NULL
);
"""

_STATUS_NEWS = """
-- With which status receivers know a deal.
ALTER TABLE announced_deals ADD COLUMN status TEXT NOT NULL DEFAULT '';
UPDATE announced_deals
SET status = coalesce((SELECT d.status FROM deals AS d WHERE d.key = deal_key), '');
"""

_POSTINGS_BY_PERIOD = """
-- Who has a rare name, figure, address or run of words: hashes of them. What belongs to a time
-- stands together, so that new articles come to one place of the table.
DROP TABLE story_postings;
CREATE TABLE story_postings (
    period      INTEGER NOT NULL,                 -- of 30 days; -1: undated; -2: any time
    key         INTEGER NOT NULL,                 -- kind of feature, then its hash
    at          INTEGER NOT NULL,                 -- as in story_profiles
    article_id  INTEGER NOT NULL,
    PRIMARY KEY (period, key, at, article_id)
) WITHOUT ROWID;

-- Profiles are written in another form as well: all are made anew.
DELETE FROM story_profiles;
DELETE FROM story_rules;
"""

# Name and script, in order of release. A released migration is never edited.
MIGRATIONS: tuple[tuple[str, str], ...] = (
    (
        "first_ledger",
        f"PRAGMA application_id = {APPLICATION_ID};\n"
        + _GATHERED
        + _READ
        + _TOLD
        + _VIEWS
        + _SEARCH,
    ),
    ("page_archive", _ARCHIVE),
    ("article_warnings", _WARNINGS),
    ("watched_feeds", _WATCHED),
    ("deals_across_articles", _ACROSS_ARTICLES),
    ("stories_find_their_members_in_an_index", _STORY_INDEX),
    ("a_changed_status_is_news", _STATUS_NEWS),
    ("postings_stand_together_by_period", _POSTINGS_BY_PERIOD),
)
