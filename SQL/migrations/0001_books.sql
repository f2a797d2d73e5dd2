-- 0001: the books.
--
-- Why: the first version of everything: registry, journal, balances, and the guard that holds whatever the daemon does.
-- Locks: makes new objects only, in a schema of its own; nobody waits for it.
-- Cost: none; there are no rows yet.
-- Runs as the owner of the schema, in one transaction, with search_path = grantledger.
--
-- `root` is the number of a root tenant. It is first in every key, so that the tables can be distributed by it; only
-- the installation's row and the identifiers of tenants are shared by all roots. Numbers come from the root's own row,
-- never from a sequence, so that a transaction that is rolled back leaves no gap and two roots never wait for each
-- other.
--
-- Money is fen in int8, a day is a date, a moment is a timestamptz. What a row holds per year or per day stands in
-- arrays beside each other, so that a posting changes one row of an award, one of a cap and one of a budget. Nothing
-- that changes with a posting is indexed, and fillfactor leaves room on the page: then an update touches no index
-- (HOT).

-- ---------------------------------------------------------------------------------------------------------------------
-- Registry: few rows, seldom changed; every daemon holds a root's whole and asks roots.registry_version whether it is
-- new.

CREATE TABLE installation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    next_tenant int4 NOT NULL CHECK (next_tenant > 0)
);
INSERT INTO installation (next_tenant) VALUES (1);

-- The row that a writer locks: it serialises the postings of one root over all daemons.
CREATE TABLE roots (
    root int4 PRIMARY KEY,
    next_number int8 NOT NULL CHECK (next_number > 0),
    registry_version int8 NOT NULL CHECK (registry_version >= 0)
) WITH (fillfactor = 10);

CREATE TABLE tenants (
    root int4 NOT NULL REFERENCES roots,
    number int4 NOT NULL CHECK (number > 0),
    id text COLLATE "C" NOT NULL,
    parent int4,
    name text NOT NULL,
    PRIMARY KEY (root, number),
    UNIQUE (number),
    UNIQUE (id),
    FOREIGN KEY (root, parent) REFERENCES tenants (root, number),
    CONSTRAINT a_root_has_no_parent CHECK ((parent IS NULL) = (number = root))
);

CREATE TABLE schemes (
    root int4 NOT NULL,
    owner int4 NOT NULL,
    scheme text COLLATE "C" NOT NULL,
    version int4 NOT NULL CHECK (version > 0),
    name text NOT NULL,
    subject_kind text NOT NULL,
    rate int4 CHECK (rate BETWEEN 1 AND 1000000),
    rate_is_payers boolean NOT NULL,
    rate_rule text NOT NULL CHECK (rate_rule IN ('ceiling', 'exact')),
    cap int8 CHECK (cap BETWEEN 1 AND 9000000000000000),
    cap_is_payers boolean NOT NULL,
    time_window text NOT NULL,
    window_governs text NOT NULL CHECK (window_governs IN ('payment', 'cost')),
    conditions text[] NOT NULL,
    payers text[],
    authorities text[] NOT NULL,
    section text,
    PRIMARY KEY (root, owner, scheme, version),
    FOREIGN KEY (root, owner) REFERENCES tenants (root, number),
    CONSTRAINT rate_is_one_of_both CHECK (rate IS NULL OR NOT rate_is_payers),
    CONSTRAINT cap_is_one_of_both CHECK (cap IS NULL OR NOT cap_is_payers)
);
COMMENT ON COLUMN schemes.rate IS 'parts per million; NULL: none, or each payer''s own';
COMMENT ON COLUMN schemes.payers IS 'tenant ids; NULL: the owner and all its descendants';

-- What a payer has set for a scheme.
CREATE TABLE parameters (
    root int4 NOT NULL,
    payer int4 NOT NULL,
    owner int4 NOT NULL,
    scheme text COLLATE "C" NOT NULL,
    rate int4 CHECK (rate BETWEEN 1 AND 1000000),
    cap int8 CHECK (cap BETWEEN 1 AND 9000000000000000),
    PRIMARY KEY (root, payer, owner, scheme),
    FOREIGN KEY (root, payer) REFERENCES tenants (root, number)
);

-- ---------------------------------------------------------------------------------------------------------------------
-- Parties and subjects

CREATE TABLE parties (
    root int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    owner int4 NOT NULL,
    party text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    uscc text,
    linked_group text COLLATE "C",
    bank text,
    account text,
    PRIMARY KEY (root, number),
    UNIQUE (root, owner, party),
    FOREIGN KEY (root, owner) REFERENCES tenants (root, number)
);

CREATE TABLE subjects (
    root int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    party int8 NOT NULL,
    owner int4 NOT NULL,
    version int4 NOT NULL,
    opened date NOT NULL,
    was_committed boolean NOT NULL,
    scheme text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    condition_names text[] NOT NULL,
    condition_dates date[] NOT NULL,
    condition_evidence text[] NOT NULL,
    basis_periods int4[] NOT NULL,
    basis_amounts int8[] NOT NULL,
    term_payers int4[] NOT NULL,
    term_rates int4[] NOT NULL,
    term_caps int8[] NOT NULL,
    PRIMARY KEY (root, number),
    UNIQUE (root, owner, scheme, subject),
    FOREIGN KEY (root, owner, scheme, version) REFERENCES schemes,
    CONSTRAINT conditions_are_whole CHECK (
        cardinality(condition_names) = cardinality(condition_dates)
        AND cardinality(condition_names) = cardinality(condition_evidence)),
    CONSTRAINT bases_are_whole CHECK (
        cardinality(basis_periods) = cardinality(basis_amounts)
        AND 0 <= ALL (basis_amounts) AND 9000000000000000 >= ALL (basis_amounts)),
    CONSTRAINT terms_are_whole CHECK (
        cardinality(term_payers) = cardinality(term_rates) AND cardinality(term_payers) = cardinality(term_caps))
) WITH (fillfactor = 70);
COMMENT ON COLUMN subjects.version IS 'of the scheme: the one that it was opened under';
COMMENT ON COLUMN subjects.basis_periods IS 'years under calendar-year, elsewhere one 0';
COMMENT ON COLUMN subjects.term_payers IS
    'payers'' own parameters as they were at their first commitment on this subject';
CREATE INDEX subjects_of_party ON subjects (root, party);

-- ---------------------------------------------------------------------------------------------------------------------
-- Balances: what the journal adds up to. Each can be computed from it again (invariants.sql, CHECK).

-- What is used of a subject's limit; the limit itself is computed and never kept.
CREATE TABLE caps (
    root int4 NOT NULL,
    payer int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    subject int8 NOT NULL,
    committed int8 NOT NULL,
    disbursed int8 NOT NULL,
    forfeited int8 NOT NULL,
    period int4 NOT NULL,
    dated_days date[] NOT NULL,
    dated_amounts int8[] NOT NULL,
    PRIMARY KEY (root, number),
    UNIQUE (root, subject, payer, period),
    CONSTRAINT cap_is_not_below_zero CHECK (committed >= 0 AND disbursed >= 0 AND forfeited >= 0),
    CONSTRAINT cap_is_not_too_large CHECK (committed + disbursed + forfeited <= 9000000000000000),
    CONSTRAINT dated_is_whole CHECK (
        cardinality(dated_days) = cardinality(dated_amounts) AND 0 < ALL (dated_amounts))
) WITH (fillfactor = 50);
COMMENT ON COLUMN caps.payer IS 'a tenant''s number; 0 where all payers share the limit';
COMMENT ON COLUMN caps.period IS 'a year under calendar-year, elsewhere 0';
COMMENT ON COLUMN caps.dated_days IS 'under a rolling window: the days on which commitments that still count were made';

CREATE TABLE funds (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    fund text COLLATE "C" NOT NULL,
    PRIMARY KEY (root, number),
    UNIQUE (root, tenant, fund),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number)
);

-- A fund's year.
CREATE TABLE budgets (
    root int4 NOT NULL,
    year int4 NOT NULL,
    fund int8 NOT NULL,
    appropriated int8 NOT NULL,
    committed int8 NOT NULL,
    disbursed int8 NOT NULL,
    PRIMARY KEY (root, fund, year),
    CONSTRAINT budget_is_not_below_zero CHECK (committed >= 0 AND disbursed >= 0),
    CONSTRAINT budget_is_not_overdrawn CHECK (appropriated - committed - disbursed >= 0),
    CONSTRAINT budget_is_not_too_large CHECK (appropriated <= 9000000000000000)
) WITH (fillfactor = 20);

CREATE TABLE awards (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    subject int8 NOT NULL,
    cap int8 NOT NULL,
    fund int8 NOT NULL,
    party int8 NOT NULL,
    latest date NOT NULL,
    award text COLLATE "C" NOT NULL,
    years int4[] NOT NULL,
    committed int8[] NOT NULL,
    disbursed int8[] NOT NULL,
    released int8[] NOT NULL,
    recovered int8[] NOT NULL,
    dated_days date[] NOT NULL,
    dated_amounts int8[] NOT NULL,
    PRIMARY KEY (root, number),
    UNIQUE (root, tenant, award),
    CONSTRAINT years_are_whole CHECK (
        cardinality(years) = cardinality(committed) AND cardinality(years) = cardinality(disbursed)
        AND cardinality(years) = cardinality(released) AND cardinality(years) = cardinality(recovered)),
    CONSTRAINT award_is_not_below_zero CHECK (
        0 <= ALL (committed) AND 0 <= ALL (disbursed) AND 0 <= ALL (released) AND 0 <= ALL (recovered)),
    CONSTRAINT dated_is_whole CHECK (
        cardinality(dated_days) = cardinality(dated_amounts) AND 0 <= ALL (dated_amounts))
) WITH (fillfactor = 50);
COMMENT ON COLUMN awards.latest IS 'the date of its latest entry';
COMMENT ON COLUMN awards.committed IS 'outstanding, per year of years';
COMMENT ON COLUMN awards.disbursed IS 'net of recoveries, per year of years';
COMMENT ON COLUMN awards.dated_days IS
    'under a rolling window: of each commitment in order, its day and what still counts';
CREATE INDEX awards_of_subject ON awards (root, subject);
CREATE INDEX awards_of_party ON awards (root, party);

-- ---------------------------------------------------------------------------------------------------------------------
-- The journal: rows that are written once and stay.

-- The head of a tenant's journal.
CREATE TABLE heads (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    last_sequence int8 NOT NULL CHECK (last_sequence >= 0),
    last_hash bytea NOT NULL CHECK (octet_length(last_hash) = 32),
    closed_through date,
    PRIMARY KEY (root, tenant),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number)
) WITH (fillfactor = 20);

-- True where `transfers` is debit, credit, amount, debit, credit, amount, … of sound transfers, or empty.
CREATE FUNCTION transfers_are_sound(transfers int8[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    place int4 := 1;
    places int4 := cardinality(transfers);
BEGIN
    IF places % 3 <> 0 THEN
        RETURN false;
    END IF;
    -- Reading an element walks a long array from its start, so long ones are judged in one go.
    IF places > 300 THEN
        RETURN (
            SELECT bool_and(debit <> credit AND amount BETWEEN 1 AND 9000000000000000)
            FROM (
                SELECT element AS debit, lead(element) OVER ordered AS credit, lead(element, 2) OVER ordered AS amount, nth
                FROM unnest(transfers) WITH ORDINALITY AS u (element, nth)
                WINDOW ordered AS (ORDER BY nth)
            ) transfer
            WHERE nth % 3 = 1
        ) IS TRUE;
    END IF;
    WHILE place < places LOOP
        IF (transfers[place] <> transfers[place + 1]
            AND transfers[place + 2] BETWEEN 1 AND 9000000000000000) IS NOT TRUE THEN
            RETURN false;
        END IF;
        place := place + 3;
    END LOOP;
    RETURN true;
END
$$;

-- One row for an entry with all its transfers; the view `transfers` shows them singly, with names.
CREATE TABLE entries (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    sequence int8 NOT NULL CHECK (sequence > 0),
    posted_at timestamptz NOT NULL,
    amount int8 NOT NULL CHECK (amount BETWEEN 0 AND 9000000000000000),
    award int8,
    subject int8,
    party int8,
    target int8,
    committed int8,
    disbursed int8,
    remaining int8,
    date date NOT NULL,
    kind int2 NOT NULL CHECK (kind BETWEEN 1 AND 10),
    key text COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 64),
    principal text NOT NULL,
    content text NOT NULL,
    transfers int8[] NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (root, tenant, sequence),
    UNIQUE (root, tenant, key),
    CONSTRAINT transfers_are_sound CHECK (transfers_are_sound(transfers)),
    CONSTRAINT only_a_basis_moves_nothing CHECK ((kind = 1) = (cardinality(transfers) = 0)),
    CONSTRAINT only_a_basis_is_zero CHECK (kind = 1 OR amount > 0),
    CONSTRAINT only_a_basis_names_its_subject CHECK ((kind = 1) = (subject IS NOT NULL)),
    CONSTRAINT only_an_award_has_a_standing CHECK (
        (committed IS NOT NULL) = (award IS NOT NULL AND party IS NULL)
        AND (committed IS NULL) = (disbursed IS NULL) AND (remaining IS NULL OR committed IS NOT NULL)),
    CONSTRAINT only_settle_names_its_party CHECK (party IS NULL OR kind IN (9, 10)),
    CONSTRAINT only_settle_and_reverse_have_a_target CHECK ((kind IN (9, 10)) = (target IS NOT NULL)),
    CONSTRAINT target_comes_before CHECK (target BETWEEN 1 AND sequence - 1)
);
COMMENT ON COLUMN entries.kind IS 'see entry_kinds';
COMMENT ON COLUMN entries.party IS
    'who is paid or pays: of a settlement and its reversal, which change nothing of the award';
COMMENT ON COLUMN entries.committed IS
    'with disbursed and remaining: where the award stood right after, as the reply said';
COMMENT ON COLUMN entries.content IS
    'the verb, then a line name=value for each argument; backslash escapes itself and \n';
COMMENT ON COLUMN entries.transfers IS 'debit, credit, amount, debit, credit, amount, …; see account_name';
COMMENT ON COLUMN entries.hash IS 'SHA-256 of the entry before, and of this one''s canonical text';
CREATE INDEX entries_of_award ON entries (root, award) WHERE award IS NOT NULL;
CREATE INDEX entries_of_party ON entries (root, tenant, party) WHERE party IS NOT NULL;

-- What befell an entry afterwards.
CREATE TABLE marks (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    sequence int8 NOT NULL,
    reversed_by int8,
    settled_by int8,
    PRIMARY KEY (root, tenant, sequence),
    CONSTRAINT marks_come_after CHECK (reversed_by > sequence AND settled_by > sequence)
) WITH (fillfactor = 90);

-- Every basis as it was set; `number` is ascending in the root, so the last one of a period is in force.
CREATE TABLE bases (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    subject int8 NOT NULL,
    number int8 NOT NULL,
    amount int8 NOT NULL CHECK (amount BETWEEN 0 AND 9000000000000000),
    sequence int8 NOT NULL,
    period int4 NOT NULL,
    date date NOT NULL,
    PRIMARY KEY (root, subject, period, number),
    UNIQUE (root, tenant, sequence)
);

-- ---------------------------------------------------------------------------------------------------------------------
-- The guard. Balances are guarded by the checks above; no trigger computes one.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: what was posted stands', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'GL001', HINT = 'Correct an entry by REVERSE and post it anew; correct a basis by BASIS.SET.';
END
$$;
CREATE TRIGGER entries_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bases_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON bases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_going_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_sequence < OLD.last_sequence OR (NEW.closed_through >= OLD.closed_through) IS FALSE
        OR (OLD.closed_through IS NOT NULL AND NEW.closed_through IS NULL) THEN
        RAISE EXCEPTION 'the journal of tenant % would go back from % to %', OLD.tenant, OLD.last_sequence,
            NEW.last_sequence
            USING ERRCODE = 'GL002', HINT = 'A journal only grows, and a closed period stays closed.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER heads_only_grow BEFORE UPDATE ON heads FOR EACH ROW EXECUTE FUNCTION refuse_going_back();

-- Ends the transaction where a statement did not change exactly the rows that the daemon had locked and decided on.
CREATE FUNCTION expect(changed int8, wanted int8, what text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF changed <> wanted THEN
        RAISE EXCEPTION '% rows of % changed, not the % that were decided on', changed, what, wanted
            USING ERRCODE = 'GL003', HINT = 'Something other than the daemon has changed these rows; run CHECK.';
    END IF;
END
$$;

-- What the planner knows of these tables, brought up to date; while they are young, daemons ask for it.
CREATE FUNCTION gather_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = grantledger, pg_temp AS $$
BEGIN
    ANALYZE roots, heads, parties, subjects, caps, funds, budgets, awards, entries, marks, bases;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- What people read

CREATE TABLE entry_kinds (
    kind int2 PRIMARY KEY,
    verb text NOT NULL UNIQUE
);
INSERT INTO entry_kinds VALUES
    (1, 'BASIS.SET'), (2, 'APPROPRIATE'), (3, 'CARRY'), (4, 'COMMIT'), (5, 'RESCHEDULE'), (6, 'DISBURSE'),
    (7, 'RELEASE'), (8, 'RECOVER'), (9, 'SETTLE'), (10, 'REVERSE');

-- What the lowest six bits of an account's number say; above them are 22 bits of a year, a day (since 1900-01-01) or
-- the ordinal of an award's commitment, and above these the number of its fund, award, cap or party.
CREATE TABLE account_slots (
    slot int2 PRIMARY KEY,
    owner text NOT NULL CHECK (owner IN ('fund', 'award', 'cap', 'party')),
    below text CHECK (below IN ('year', 'day', 'ordinal')),
    word text NOT NULL
);
INSERT INTO account_slots VALUES
    (1, 'fund', 'year', 'appropriated'), (2, 'fund', 'year', 'available'), (3, 'fund', 'year', 'committed'),
    (4, 'fund', 'year', 'disbursed'), (10, 'award', 'year', 'granted'), (11, 'award', 'year', 'committed'),
    (12, 'award', 'year', 'disbursed'), (13, 'award', 'year', 'released'), (14, 'award', 'year', 'recovered'),
    (15, 'award', 'ordinal', 'dated'), (20, 'cap', NULL, 'used'), (21, 'cap', NULL, 'committed'),
    (22, 'cap', NULL, 'disbursed'), (23, 'cap', NULL, 'forfeited'), (24, 'cap', 'day', 'dated'),
    (30, 'fund', NULL, 'expense'), (31, 'fund', NULL, 'cash'), (40, 'party', NULL, 'payable'),
    (41, 'party', NULL, 'receivable');

-- owner|scheme|subject[|payer][||period]: no identifier has a bar in it, so that no two caps have one name.
CREATE FUNCTION cap_name(of_root int4, of_cap int8) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT o.id || '|' || s.scheme || '|' || s.subject
        || coalesce('|' || t.id, CASE WHEN c.period <> 0 THEN '|' END, '')
        || coalesce('|' || nullif(c.period, 0), '')
    FROM caps c JOIN subjects s ON s.root = c.root AND s.number = c.subject
        JOIN tenants o ON o.root = s.root AND o.number = s.owner
        LEFT JOIN tenants t ON t.root = c.root AND t.number = c.payer
    WHERE c.root = of_root AND c.number = of_cap
$$;

-- The full name of an account, such as budget:general:2024:available.
CREATE FUNCTION account_name(of_root int4, of_account int8) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
            WHEN word IN ('expense', 'cash', 'payable', 'receivable') THEN word || ':' || owner_name
            ELSE concat_ws(':', CASE WHEN owner = 'fund' THEN 'budget' ELSE owner END, owner_name, place, word)
        END
    FROM (
        SELECT owner, word,
            CASE owner
                WHEN 'fund' THEN (SELECT fund FROM funds WHERE root = of_root AND number = of_account >> 28)
                WHEN 'award' THEN (SELECT award FROM awards WHERE root = of_root AND number = of_account >> 28)
                WHEN 'party' THEN (
                    SELECT t.id || '|' || p.party
                    FROM parties p JOIN tenants t ON t.root = p.root AND t.number = p.owner
                    WHERE p.root = of_root AND p.number = of_account >> 28)
                ELSE cap_name(of_root, of_account >> 28)
            END AS owner_name,
            CASE below
                WHEN 'year' THEN (of_account >> 6 & 4194303)::text
                WHEN 'ordinal' THEN (of_account >> 6 & 4194303)::text
                WHEN 'day' THEN to_char(date '1900-01-01' + (of_account >> 6 & 4194303)::int4, 'YYYY-MM-DD')
            END AS place
        FROM account_slots WHERE slot = of_account & 63
    ) parts
$$;

-- Each transfer by itself.
CREATE VIEW transfers AS
    SELECT e.root, t.id AS tenant, e.sequence, n AS position, e.date, k.verb,
        account_name(e.root, e.transfers[3 * n - 2]) AS debit, account_name(e.root, e.transfers[3 * n - 1]) AS credit,
        e.transfers[3 * n] / 100.0 AS amount, e.transfers[3 * n - 2] AS debit_account,
        e.transfers[3 * n - 1] AS credit_account, e.transfers[3 * n] AS fen
    FROM entries e
        JOIN tenants t ON t.root = e.root AND t.number = e.tenant
        JOIN entry_kinds k USING (kind)
        CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers) / 3) n;

-- Every account of a tenant's own entries: debits, credits and the balance, in yuan.
CREATE VIEW accounts AS
    SELECT e.root, t.id AS tenant, account_name(e.root, side.account) AS account,
        sum(side.debit) / 100 AS debits, sum(side.credit) / 100 AS credits,
        sum(side.debit - side.credit) / 100 AS balance
    FROM entries e
        JOIN tenants t ON t.root = e.root AND t.number = e.tenant
        CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers) / 3) n
        CROSS JOIN LATERAL (VALUES
            (e.transfers[3 * n - 2], e.transfers[3 * n]::numeric, 0::numeric),
            (e.transfers[3 * n - 1], 0::numeric, e.transfers[3 * n]::numeric)) side (account, debit, credit)
    GROUP BY e.root, t.id, side.account;

-- ---------------------------------------------------------------------------------------------------------------------
-- Rights: what the daemon's workers may do. They own nothing, delete nothing, and rewrite nothing that was posted.

REVOKE ALL ON FUNCTION gather_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gather_statistics() TO grantledger_daemon;
GRANT USAGE ON SCHEMA grantledger TO grantledger_daemon;
GRANT SELECT ON ALL TABLES IN SCHEMA grantledger TO grantledger_daemon;
GRANT INSERT ON roots, tenants, schemes, parameters, parties, subjects, caps, funds, budgets, awards, heads, entries,
    marks, bases TO grantledger_daemon;
GRANT UPDATE (next_tenant) ON installation TO grantledger_daemon;
GRANT UPDATE (next_number, registry_version) ON roots TO grantledger_daemon;
GRANT UPDATE (rate, cap) ON parameters TO grantledger_daemon;
GRANT UPDATE (name, linked_group, bank, account) ON parties TO grantledger_daemon;
GRANT UPDATE (party, version, opened, was_committed, condition_names, condition_dates, condition_evidence,
    basis_periods, basis_amounts, term_payers, term_rates, term_caps) ON subjects TO grantledger_daemon;
GRANT UPDATE (committed, disbursed, forfeited, dated_days, dated_amounts) ON caps TO grantledger_daemon;
GRANT UPDATE (appropriated, committed, disbursed) ON budgets TO grantledger_daemon;
GRANT UPDATE (party, latest, years, committed, disbursed, released, recovered, dated_days, dated_amounts) ON awards
    TO grantledger_daemon;
GRANT UPDATE (last_sequence, last_hash, closed_through) ON heads TO grantledger_daemon;
GRANT UPDATE (reversed_by, settled_by) ON marks TO grantledger_daemon;
