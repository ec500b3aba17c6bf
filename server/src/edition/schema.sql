-- The schema of an edition file. An edition is written once, then only read.
--
-- `ordinal` is the row's place in its source, where people are shown that order: catalogue order, the order of a list. Rows
-- of a table without it are a set.
-- Lists of a row are tables of their own, `{table}_{key}`: owner (the row's id), ordinal, value.
-- Everything but `facts`, `grade_scale` and `source_file` is input: it enters the content hash in the order of its primary key.
-- Dates and periods are ISO 8601 text. A NULL is "not known" or "not applicable", never zero.

-- What this edition is. One row.
CREATE TABLE edition (
    name             TEXT NOT NULL,             -- label; not part of the content hash
    title_nl         TEXT NOT NULL,
    title_en         TEXT NOT NULL,
    publication_year TEXT NOT NULL,             -- period that published positions are filed under
    published_universe TEXT NOT NULL REFERENCES universe, -- the units that published positions are among
    ordinal          INTEGER PRIMARY KEY CHECK (ordinal = 0)
) STRICT;

-- Filled in last: what the content amounts to. One row.
CREATE TABLE facts (
    content_hash   TEXT NOT NULL,               -- 64 hex digits
    method_version TEXT NOT NULL,               -- of the grade scales below
    only_row       INTEGER PRIMARY KEY CHECK (only_row = 0)
) STRICT;

-- The files of the folder that the edition was made from, as they were read, so that an import can add to them. Their rows are
-- in the tables below. Empty when it was made from the folder that is compiled into the server.
CREATE TABLE source_file (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The recipes by which its import units were read.
CREATE TABLE recipe (
    sha256 TEXT PRIMARY KEY,                    -- of the text
    id     TEXT NOT NULL,                       -- also the id of the source of its figures
    text   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was imported by one recipe of one period, replaced as a whole by a newer import of the same. The recipe says what it holds.
CREATE TABLE import_unit (
    recipe         TEXT NOT NULL REFERENCES source,
    period         TEXT NOT NULL,
    recipe_sha256  TEXT NOT NULL REFERENCES recipe,
    file_sha256    TEXT NOT NULL,               -- of the uncompressed bytes of its tables
    source_version TEXT NOT NULL,
    retrieved      TEXT NOT NULL,
    borders        TEXT,                        -- year of whose municipalities its figures are; NULL: those of its period
    PRIMARY KEY (recipe, period)
) STRICT, WITHOUT ROWID;

-- The municipalities that its tables list: those of the period, by the borders of the source.
CREATE TABLE unit_region (
    recipe TEXT NOT NULL,
    period TEXT NOT NULL,
    region TEXT NOT NULL REFERENCES region,
    name   TEXT,                                -- as the tables write it
    PRIMARY KEY (recipe, period, region),
    FOREIGN KEY (recipe, period) REFERENCES import_unit
) STRICT, WITHOUT ROWID;

-- The districts and neighbourhoods that its tables list. Their codes say in which municipality they lie. They are columns, not
-- rows: a table lists seventeen thousand.
CREATE TABLE unit_areas (
    recipe TEXT NOT NULL,
    period TEXT NOT NULL,
    codes  TEXT NOT NULL,                       -- JSON list, in order
    names  TEXT,                                -- JSON list beside it, as the tables write them; NULL when they have none
    PRIMARY KEY (recipe, period),
    FOREIGN KEY (recipe, period) REFERENCES import_unit
) STRICT, WITHOUT ROWID;

-- Their figures. Of several tables that fill the same indicator and period the one of the lowest precedence has the say of the
-- areas that it lists; the others are kept, so that the outcome does not depend on the order of imports.
CREATE TABLE area_figures (
    indicator  TEXT NOT NULL REFERENCES indicator,
    period     TEXT NOT NULL,
    recipe     TEXT NOT NULL,
    precedence INTEGER NOT NULL CHECK (precedence >= 0),
    origin     TEXT NOT NULL CHECK (origin IN ('loaded', 'derived')),
    figures    TEXT NOT NULL,                   -- JSON list beside the codes: 1.5, "1.5*" when provisional, null, "suppressed" or "not_applicable"
    PRIMARY KEY (indicator, period, recipe),
    FOREIGN KEY (recipe, period) REFERENCES unit_areas
) STRICT, WITHOUT ROWID;

-- What its tables say of municipalities, present and former. NULL: they do not say it.
CREATE TABLE region_record (
    recipe     TEXT NOT NULL,
    period     TEXT NOT NULL,
    region     TEXT NOT NULL REFERENCES region,
    name       TEXT,
    valid_from TEXT,
    valid_to   TEXT,                            -- first day it was no longer valid
    renamed_to TEXT REFERENCES region,          -- the code that it goes on under since then
    province   TEXT,                            -- CBS code
    corop      TEXT,                            -- code of its COROP area as the tables write it
    corop_name TEXT,
    PRIMARY KEY (recipe, period, region),
    FOREIGN KEY (recipe, period) REFERENCES import_unit,
    CHECK ((corop IS NULL) = (corop_name IS NULL)),
    CHECK (renamed_to IS NULL OR valid_to IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- What its tables say moved between municipalities; from one to itself: what stayed where others joined it. NULL: not known.
CREATE TABLE boundary_change (
    recipe      TEXT NOT NULL,
    period      TEXT NOT NULL,
    date        TEXT NOT NULL,                  -- first day of the new borders
    from_region TEXT NOT NULL REFERENCES region,
    to_region   TEXT NOT NULL REFERENCES region,
    inhabitants INTEGER CHECK (inhabitants >= 0),
    dwellings   INTEGER CHECK (dwellings >= 0),
    hectares    INTEGER CHECK (hectares >= 0),
    PRIMARY KEY (recipe, period, date, from_region, to_region),
    FOREIGN KEY (recipe, period) REFERENCES import_unit
) STRICT, WITHOUT ROWID;

-- The members that its table lists, of a unit that defines a group; what the group is called stands in the recipe.
CREATE TABLE unit_group_member (
    recipe     TEXT NOT NULL,
    period     TEXT NOT NULL,
    region     TEXT NOT NULL REFERENCES region,
    valid_from TEXT,
    valid_to   TEXT,                            -- last day of membership
    PRIMARY KEY (recipe, period, region),
    FOREIGN KEY (recipe, period) REFERENCES import_unit
) STRICT, WITHOUT ROWID;

-- The flows that its tables hold: people who move, commute or travel between the municipalities of the period. They are columns,
-- not rows: a table lists a hundred thousand pairs.
CREATE TABLE unit_flows (
    recipe       TEXT NOT NULL,
    period       TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('commuting', 'migration', 'trips')),
    whole_totals INTEGER NOT NULL CHECK (whole_totals IN (0, 1)), -- the sum of the parts of a pair is rounded to a whole number
    breakdown    TEXT,                          -- what the people are divided by; NULL: totals only
    breakdown_nl TEXT,
    breakdown_en TEXT,
    codes        TEXT NOT NULL,                 -- JSON list of the municipalities, in order
    names        TEXT,                          -- JSON list beside it, as the tables write them; NULL when they have none
    PRIMARY KEY (recipe, period),
    FOREIGN KEY (recipe, period) REFERENCES import_unit
) STRICT, WITHOUT ROWID;

-- The parts that people are divided into.
CREATE TABLE flow_category (
    recipe  TEXT NOT NULL,
    period  TEXT NOT NULL,
    id      TEXT NOT NULL,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    PRIMARY KEY (recipe, period, id),
    FOREIGN KEY (recipe, period) REFERENCES unit_flows
) STRICT, WITHOUT ROWID;

-- Where people from a municipality go to. A destination that is not listed is not known to be zero.
CREATE TABLE flow_destinations (
    recipe       TEXT NOT NULL,
    period       TEXT NOT NULL,
    origin       TEXT NOT NULL REFERENCES region,
    destinations TEXT NOT NULL,                 -- JSON list of places among the codes, in order
    PRIMARY KEY (recipe, period, origin),
    FOREIGN KEY (recipe, period) REFERENCES unit_flows
) STRICT, WITHOUT ROWID;

-- How many of each part.
CREATE TABLE flow_persons (
    recipe   TEXT NOT NULL,
    period   TEXT NOT NULL,
    category TEXT NOT NULL,                     -- empty where flows are not divided
    origin   TEXT NOT NULL,
    persons  TEXT NOT NULL,                     -- JSON list beside the destinations: 12.5, or null where the table has no row
    PRIMARY KEY (recipe, period, category, origin),
    FOREIGN KEY (recipe, period, origin) REFERENCES flow_destinations
) STRICT, WITHOUT ROWID;

-- Sets of units that are ranked against each other, beside the municipalities of each year.
CREATE TABLE universe (
    id      TEXT PRIMARY KEY,
    size    INTEGER CHECK (size > 0),           -- number of units; NULL when their list says it
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note_nl TEXT,
    note_en TEXT,
    ordinal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The units of a universe in one year. Regions with the same unit count as one.
CREATE TABLE universe_unit (
    universe TEXT NOT NULL REFERENCES universe,
    year     TEXT NOT NULL,
    region   TEXT NOT NULL,                     -- CBS code, also of a municipality that the edition has no figure of
    unit     TEXT,                              -- NULL: the municipality itself
    PRIMARY KEY (universe, year, region)
) STRICT, WITHOUT ROWID;

-- Where figures and knowledge come from.
CREATE TABLE source (
    id             TEXT PRIMARY KEY,
    title_nl       TEXT NOT NULL,
    title_en       TEXT NOT NULL,
    publisher      TEXT NOT NULL,
    year           TEXT NOT NULL,
    attribution_nl TEXT NOT NULL,               -- the line to quote it with
    attribution_en TEXT NOT NULL,
    ordinal        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE theme (
    id      TEXT PRIMARY KEY,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    section TEXT NOT NULL,                      -- of the report
    ordinal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
    id      TEXT PRIMARY KEY,
    theme   TEXT NOT NULL REFERENCES theme,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note_nl TEXT,
    note_en TEXT,
    ordinal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE indicator (
    id         TEXT PRIMARY KEY,
    name_nl    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    theme      TEXT NOT NULL REFERENCES theme,
    block      TEXT REFERENCES block,
    kind       TEXT NOT NULL CHECK (kind IN ('judgement', 'composite', 'neutral')),
    kind_basis TEXT NOT NULL CHECK (kind_basis IN ('stated', 'inferred', 'unverified')),
    section    TEXT,                            -- of the report; NULL when it does not treat it
    figure     TEXT,
    origin     INTEGER NOT NULL CHECK (origin IN (0, 1)), -- an origin category: shown, never counted
    polarity   TEXT CHECK (polarity IN ('higher_is_favourable', 'lower_is_favourable')),
    polarity_reason_nl TEXT,
    polarity_reason_en TEXT,
    unit_nl    TEXT,
    unit_en    TEXT,
    decimals   INTEGER,
    denominator TEXT REFERENCES indicator,      -- its values weigh those of this one
    aggregation TEXT CHECK (aggregation IN ('sum', 'weighted_mean', 'not_possible')), -- of several municipalities to one unit
    proxy_for  TEXT REFERENCES indicator,       -- the one it may stand in for
    proxy_reason_nl TEXT,
    proxy_reason_en TEXT,
    stated_nl  TEXT,
    stated_en  TEXT,
    note_nl    TEXT,
    note_en    TEXT,
    ordinal    INTEGER NOT NULL,
    CHECK ((proxy_for IS NULL) = (proxy_reason_nl IS NULL)),
    CHECK (kind <> 'neutral' OR polarity IS NULL)
) STRICT, WITHOUT ROWID;

-- What a total adds up: total and parts never count together.
CREATE TABLE indicator_parts (
    owner   TEXT NOT NULL REFERENCES indicator,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL REFERENCES indicator,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- What a composite is computed from; without any, its figures come from its sources. A child never counts beside it.
CREATE TABLE indicator_children (
    owner   TEXT NOT NULL REFERENCES indicator,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL REFERENCES indicator,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- The weights of those children, in their order; none at all when they are equal.
CREATE TABLE indicator_weights (
    owner   TEXT NOT NULL REFERENCES indicator,
    ordinal INTEGER NOT NULL,
    value   REAL NOT NULL,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE region (
    code       TEXT PRIMARY KEY,                -- CBS code
    name       TEXT NOT NULL,
    level      TEXT NOT NULL CHECK (level = 'municipality'),
    valid_from TEXT,
    valid_to   TEXT                             -- first day it was no longer valid
) STRICT, WITHOUT ROWID;

CREATE TABLE region_aliases (
    owner   TEXT NOT NULL REFERENCES region,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Names that people use for municipalities which an edition may hold: of use once one does.
CREATE TABLE region_name (
    region TEXT NOT NULL,                       -- CBS code
    name   TEXT NOT NULL,
    PRIMARY KEY (region, name)
) STRICT, WITHOUT ROWID;

-- What became of a municipality.
CREATE TABLE succession (
    code      TEXT NOT NULL REFERENCES region,
    successor TEXT NOT NULL REFERENCES region,
    date      TEXT NOT NULL,
    note_nl   TEXT,
    note_en   TEXT,
    PRIMARY KEY (code, successor)
) STRICT, WITHOUT ROWID;

CREATE TABLE region_group (
    id         TEXT PRIMARY KEY,
    name_nl    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    membership TEXT NOT NULL CHECK (membership IN ('stated', 'unverified')),
    section    TEXT NOT NULL,
    note_nl    TEXT,
    note_en    TEXT,
    ordinal    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE group_member (
    group_id    TEXT NOT NULL REFERENCES region_group,
    region      TEXT NOT NULL REFERENCES region,
    valid_from  TEXT,
    valid_to    TEXT,                           -- last day of membership
    former_code TEXT REFERENCES region,         -- used in vintages before the present code
    note_nl     TEXT,
    note_en     TEXT,
    PRIMARY KEY (group_id, region)
) STRICT, WITHOUT ROWID;

-- Positions that a source printed without the values behind them.
CREATE TABLE published_position (
    indicator       TEXT NOT NULL REFERENCES indicator,
    subject_kind    TEXT NOT NULL CHECK (subject_kind IN ('region', 'group')),
    subject         TEXT NOT NULL,              -- region code, or group id for the position of its mean
    position        INTEGER NOT NULL CHECK (position >= 1),
    n               INTEGER NOT NULL CHECK (n >= position),
    source          TEXT NOT NULL REFERENCES source,
    figure          TEXT,
    column_inferred INTEGER NOT NULL CHECK (column_inferred IN (0, 1)),
    PRIMARY KEY (indicator, subject_kind, subject, source)
) STRICT, WITHOUT ROWID;

-- Values. A row without a value says why there is none. Where two sources fill the same indicator, region and period, one of
-- them supersedes the other; the other is kept, so that the outcome does not depend on the order of imports.
CREATE TABLE observation (
    indicator TEXT NOT NULL REFERENCES indicator,
    region    TEXT NOT NULL REFERENCES region,
    period    TEXT NOT NULL,
    value     REAL,
    status    TEXT NOT NULL
        CHECK (status IN ('final', 'provisional', 'estimated', 'suppressed', 'missing', 'not_applicable')),
    origin    TEXT NOT NULL CHECK (origin IN ('loaded', 'aggregated', 'derived')),
    source    TEXT NOT NULL REFERENCES source,
    superseded INTEGER NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1)),
    PRIMARY KEY (indicator, period, region, source),
    CHECK ((value IS NULL) = (status IN ('suppressed', 'missing', 'not_applicable')))
) STRICT, WITHOUT ROWID;

-- Derived: the ROBUST_LINEAR scale of every ranking of values, so that a later what-if can hold it still.
CREATE TABLE grade_scale (
    indicator TEXT NOT NULL REFERENCES indicator,
    period    TEXT NOT NULL,
    n         INTEGER NOT NULL,
    lower     REAL NOT NULL,                    -- 2.5% quantile of the oriented values
    upper     REAL NOT NULL,                    -- 97.5% quantile
    mean      REAL NOT NULL,                    -- m
    deviation REAL NOT NULL,                    -- s; 0 when no value differs
    shift     REAL NOT NULL,                    -- c
    PRIMARY KEY (indicator, period)
) STRICT, WITHOUT ROWID;

-- The works that the report cites.
CREATE TABLE citation (
    id        TEXT PRIMARY KEY,
    author    TEXT NOT NULL,
    year      INTEGER NOT NULL,
    title     TEXT NOT NULL,
    publisher TEXT
) STRICT, WITHOUT ROWID;

-- The sections of the report that cite it.
CREATE TABLE citation_sections (
    owner   TEXT NOT NULL REFERENCES citation,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- What the report sees at work: causes, problems, consequences.
CREATE TABLE factor (
    id        TEXT PRIMARY KEY,
    name_nl   TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    theme     TEXT NOT NULL REFERENCES theme,
    caveat_nl TEXT,
    caveat_en TEXT,
    note_nl   TEXT,
    note_en   TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE factor_indicators (
    owner   TEXT NOT NULL REFERENCES factor,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL REFERENCES indicator,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Neutral indicators shown beside a factor, never counted.
CREATE TABLE factor_context_indicators (
    owner   TEXT NOT NULL REFERENCES factor,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL REFERENCES indicator,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Cause and effect between factors; id is `from->to`.
CREATE TABLE mechanism (
    id          TEXT PRIMARY KEY,
    from_factor TEXT NOT NULL REFERENCES factor,
    to_factor   TEXT NOT NULL REFERENCES factor,
    section     TEXT NOT NULL,
    certainty   TEXT NOT NULL CHECK (certainty IN ('stated', 'presumed', 'risk')),
    note_nl     TEXT,
    note_en     TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE mechanism_basis (
    owner   TEXT NOT NULL REFERENCES mechanism,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- The works that the report cites where it states the mechanism.
CREATE TABLE mechanism_citations (
    owner   TEXT NOT NULL REFERENCES mechanism,
    ordinal INTEGER NOT NULL,
    value   TEXT NOT NULL REFERENCES citation,
    PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE programme (
    id      TEXT PRIMARY KEY,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    note_nl TEXT,
    note_en TEXT,
    section TEXT,
    factor  TEXT REFERENCES factor
) STRICT, WITHOUT ROWID;

-- What the report leaves open.
CREATE TABLE question (
    id      TEXT PRIMARY KEY,
    section TEXT NOT NULL,
    text_nl TEXT NOT NULL,
    text_en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The choices it calls hard.
CREATE TABLE dilemma (
    id      TEXT PRIMARY KEY,
    section TEXT NOT NULL,
    text_nl TEXT NOT NULL,
    text_en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The history it tells.
CREATE TABLE phase (
    id        TEXT PRIMARY KEY,
    section   TEXT NOT NULL,
    name_nl   TEXT NOT NULL,
    name_en   TEXT NOT NULL,
    from_year INTEGER NOT NULL,
    to_year   INTEGER,                          -- NULL while it goes on
    ordinal   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Weights of need. One row.
CREATE TABLE need_rule (
    countered_weight  REAL NOT NULL,
    signals_weight    REAL NOT NULL,
    downstream_weight REAL NOT NULL,
    proxy_weight      REAL NOT NULL,
    minimum_coverage  REAL NOT NULL,
    ordinal           INTEGER PRIMARY KEY CHECK (ordinal = 0)
) STRICT;

-- Least need of each class. One row.
CREATE TABLE class_rule (
    strong   REAL NOT NULL,
    moderate REAL NOT NULL,
    weak     REAL NOT NULL,
    ordinal  INTEGER PRIMARY KEY CHECK (ordinal = 0)
) STRICT;

-- Constants of masking. One row.
CREATE TABLE masking_rule (
    worst_share    REAL NOT NULL,
    masked_below   REAL NOT NULL,
    minimum_weight REAL NOT NULL,
    ordinal        INTEGER PRIMARY KEY CHECK (ordinal = 0)
) STRICT;

-- What can raise the class of a recommendation. The columns after the description are those of one trigger each: first four of
-- breadth, then two of masking.
CREATE TABLE trigger_rule (
    id                 TEXT PRIMARY KEY,
    name_nl            TEXT NOT NULL,
    name_en            TEXT NOT NULL,
    description_nl     TEXT NOT NULL,
    description_en     TEXT NOT NULL,
    theme_severity     REAL,
    minimum_indicators INTEGER,
    moderate_from      INTEGER,
    strong_from        INTEGER,
    least_class        TEXT CHECK (least_class IN ('weak', 'moderate', 'strong')),
    measured_from      REAL,
    share_of_members   REAL
) STRICT, WITHOUT ROWID;

-- Who has to act.
CREATE TABLE actor (
    id      TEXT PRIMARY KEY,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation (
    id              TEXT PRIMARY KEY,
    addressee       TEXT NOT NULL CHECK (addressee IN ('municipality', 'national_government')),
    section         TEXT NOT NULL,
    number          INTEGER NOT NULL,
    title_nl        TEXT NOT NULL,
    title_en        TEXT NOT NULL,
    summary_nl      TEXT NOT NULL,
    summary_en      TEXT NOT NULL,
    signals_note_nl TEXT,
    signals_note_en TEXT,
    trigger_id      TEXT REFERENCES trigger_rule,
    ordinal         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation_themes (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES theme, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Factors it works against: full weight.
CREATE TABLE recommendation_counters (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES factor, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Factors it watches: half weight.
CREATE TABLE recommendation_signals (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES factor, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation_programmes (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES programme, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation_actors (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES actor, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Two numbers of years, least first.
CREATE TABLE recommendation_horizon_years (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value INTEGER NOT NULL, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation_questions (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES question, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE recommendation_dilemmas (
    owner TEXT NOT NULL REFERENCES recommendation, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES dilemma, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Statements of fact in the report that are not positions.
CREATE TABLE finding (
    id           TEXT PRIMARY KEY,
    theme        TEXT NOT NULL REFERENCES theme,
    section      TEXT NOT NULL,
    group_id     TEXT REFERENCES region_group,  -- about these municipalities as a whole
    strength     INTEGER NOT NULL CHECK (strength IN (0, 1)), -- it names something good
    statement_nl TEXT NOT NULL,
    statement_en TEXT NOT NULL,
    ordinal      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_basis (
    owner TEXT NOT NULL REFERENCES finding, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_regions (
    owner TEXT NOT NULL REFERENCES finding, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES region, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_indicators (
    owner TEXT NOT NULL REFERENCES finding, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES indicator, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Factors it bears on, beside those that its indicators belong to.
CREATE TABLE finding_factors (
    owner TEXT NOT NULL REFERENCES finding, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES factor, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- The works that the report cites where it states the finding.
CREATE TABLE finding_citations (
    owner TEXT NOT NULL REFERENCES finding, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES citation, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;

-- Limits and contradictions of the report itself.
CREATE TABLE caveat (
    id           TEXT PRIMARY KEY,
    section      TEXT NOT NULL,
    statement_nl TEXT NOT NULL,
    statement_en TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE caveat_indicators (
    owner TEXT NOT NULL REFERENCES caveat, ordinal INTEGER NOT NULL,
    value TEXT NOT NULL REFERENCES indicator, PRIMARY KEY (owner, ordinal)
) STRICT, WITHOUT ROWID;
