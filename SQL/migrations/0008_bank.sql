-- 0008: what the bank says, and how it was matched with the books.
--
-- Why: bank statements line by line, payments as the books have them, matches between the two, and breaks: everything
-- that has no match. None of it changes the books; what a match posts is an entry like any other.
-- Locks: makes new objects only; nobody waits for it.
-- Cost: none. The payments of the entries that are there already are gathered when they are first asked for.
-- Runs as the owner of the schema, in one transaction, with search_path = grantledger.

-- One row for a tenant: locked by whoever changes any of the rows below, so that two never match the same money.
CREATE TABLE bank_heads (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    next_statement int8 NOT NULL DEFAULT 1 CHECK (next_statement > 0),
    next_match int8 NOT NULL DEFAULT 1 CHECK (next_match > 0),
    next_break int8 NOT NULL DEFAULT 1 CHECK (next_break > 0),
    gathered_through int8 NOT NULL DEFAULT 0 CHECK (gathered_through >= 0),
    PRIMARY KEY (root, tenant),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number)
);
COMMENT ON COLUMN bank_heads.gathered_through IS 'the last entry of the journal whose payment is in payments';

CREATE TABLE fund_accounts (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    fund text COLLATE "C" NOT NULL,
    bank text NOT NULL,
    account text NOT NULL,
    PRIMARY KEY (root, tenant, fund),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number)
);

-- ---------------------------------------------------------------------------------------------------------------------
-- What the bank says

CREATE TABLE statements (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    account text NOT NULL,
    statement text NOT NULL,
    sequence int8,
    currency text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    opening int8 NOT NULL,
    closing int8 NOT NULL,
    digest text,
    put_by text NOT NULL,
    closed_at timestamptz,
    place int8,
    PRIMARY KEY (root, tenant, number),
    UNIQUE (root, tenant, account, statement),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number),
    CONSTRAINT a_period_runs_forwards CHECK (first_day <= last_day),
    CONSTRAINT only_what_is_closed_has_a_place CHECK ((closed_at IS NULL) = (place IS NULL))
);
COMMENT ON COLUMN statements.place IS 'among the closed ones of the account, each of which follows the one before';
CREATE UNIQUE INDEX one_statement_follows_another ON statements (root, tenant, account, place);
COMMENT ON COLUMN statements.closed_at IS 'NULL while its lines come in; what is closed was proven and stands';

CREATE TABLE statement_lines (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    statement int8 NOT NULL,
    line int4 NOT NULL CHECK (line > 0),
    booked date NOT NULL,
    value_day date,
    amount int8 NOT NULL,
    reference text,
    end_to_end text,
    remittance text,
    counterparty text,
    counterparty_account text,
    batch text,
    transactions int4 NOT NULL CHECK (transactions > 0),
    is_return boolean NOT NULL,
    returns text,
    PRIMARY KEY (root, tenant, statement, line),
    FOREIGN KEY (root, tenant, statement) REFERENCES statements ON DELETE CASCADE
);
COMMENT ON COLUMN statement_lines.amount IS 'fen; credits are positive';
CREATE INDEX lines_by_reference ON statement_lines (root, tenant, reference) WHERE reference IS NOT NULL;

-- What was proven stands: a closed statement and its lines are neither changed nor deleted, and get no more lines.
CREATE FUNCTION refuse_change_of_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'statement % is closed and stands', OLD.number
            USING ERRCODE = 'GL010', HINT = 'Ask the bank for a statement that corrects it, and put that.';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER statements_stand BEFORE UPDATE OR DELETE ON statements
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_statement();

CREATE FUNCTION refuse_lines_of_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM changed_lines l
        JOIN statements s ON s.root = l.root AND s.tenant = l.tenant AND s.number = l.statement
        WHERE s.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'lines of a closed statement would change'
            USING ERRCODE = 'GL010', HINT = 'What was proven stands.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER closed_statements_get_no_lines AFTER INSERT ON statement_lines
    REFERENCING NEW TABLE AS changed_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines_of_closed();
CREATE TRIGGER closed_statements_lose_no_lines AFTER DELETE ON statement_lines
    REFERENCING OLD TABLE AS changed_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines_of_closed();
CREATE TRIGGER lines_do_not_change BEFORE UPDATE OR TRUNCATE ON statement_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER statements_are_not_truncated BEFORE TRUNCATE ON statements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------------------------------------------------------------
-- What the books say was or is to be paid: one row for each DISBURSE, RECOVER and RETURN of the journal.

CREATE TABLE payments (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    entry int8 NOT NULL CHECK (entry > 0),
    date date NOT NULL,
    amount int8 NOT NULL CHECK (amount <> 0),
    fund int8 NOT NULL,
    party int8 NOT NULL,
    gives_back int8,
    account text,
    void_by int8,
    void_from date,
    PRIMARY KEY (root, tenant, entry),
    CONSTRAINT void_from_a_day CHECK ((void_by IS NULL) = (void_from IS NULL))
);
COMMENT ON COLUMN payments.amount IS 'fen, as the bank shows it: what is paid out is negative';
COMMENT ON COLUMN payments.gives_back IS 'of a RETURN: the DISBURSE that it gives back';
COMMENT ON COLUMN payments.account IS 'the fund''s, as it was when the payment was gathered';
COMMENT ON COLUMN payments.void_by IS 'the REVERSE after which there is nothing to pay';

CREATE TABLE payment_orders (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    "order" text COLLATE "C" NOT NULL,
    fund text COLLATE "C" NOT NULL,
    bank text NOT NULL,
    account text NOT NULL,
    until date NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    PRIMARY KEY (root, tenant, "order"),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number)
);

-- A payment is ordered once.
CREATE TABLE ordered_payments (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    entry int8 NOT NULL,
    "order" text COLLATE "C" NOT NULL,
    name text NOT NULL,
    bank text,
    account text NOT NULL,
    PRIMARY KEY (root, tenant, entry),
    FOREIGN KEY (root, tenant, entry) REFERENCES payments,
    FOREIGN KEY (root, tenant, "order") REFERENCES payment_orders
);
COMMENT ON COLUMN ordered_payments.account IS 'with name and bank: the payee''s when the payment was ordered';
CREATE INDEX payments_of_order ON ordered_payments (root, tenant, "order", entry);
CREATE TRIGGER orders_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_orders
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ordered_payments_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON ordered_payments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------------------------------------------------------------
-- Matches

CREATE TABLE match_rules (
    rule int2 PRIMARY KEY,
    word text NOT NULL UNIQUE
);
INSERT INTO match_rules VALUES (1, 'reference'), (2, 'tolerance'), (3, 'beneficiary'), (4, 'by-hand'), (5, 'returned');

CREATE TABLE matches (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    rule int2 NOT NULL REFERENCES match_rules,
    gives_back int8,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    made_because text,
    is_posted boolean NOT NULL DEFAULT false,
    undone_at timestamptz,
    undone_by text,
    undone_because text,
    is_refused boolean NOT NULL DEFAULT false,
    PRIMARY KEY (root, tenant, number),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number),
    CONSTRAINT only_a_return_gives_back CHECK ((rule = 5) = (gives_back IS NOT NULL)),
    CONSTRAINT undone_by_somebody_because CHECK (
        (undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_because IS NULL))
);
COMMENT ON COLUMN matches.is_refused IS 'undone because the books refused it: the next run may try it again';
COMMENT ON COLUMN matches.is_posted IS 'what the match posts, or what its undoing reverses, is in the books';
CREATE INDEX matches_to_post ON matches (root, tenant) WHERE NOT is_posted;

-- The two sides. `stands` is whether the match does: no payment and no line is in two matches that stand.
CREATE TABLE matched_payments (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    match int8 NOT NULL,
    entry int8 NOT NULL,
    stands boolean NOT NULL DEFAULT true,
    PRIMARY KEY (root, tenant, match, entry),
    FOREIGN KEY (root, tenant, match) REFERENCES matches,
    FOREIGN KEY (root, tenant, entry) REFERENCES payments
);
CREATE UNIQUE INDEX a_payment_is_matched_once ON matched_payments (root, tenant, entry) WHERE stands;

CREATE TABLE matched_lines (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    match int8 NOT NULL,
    statement int8 NOT NULL,
    line int4 NOT NULL,
    stands boolean NOT NULL DEFAULT true,
    PRIMARY KEY (root, tenant, match, statement, line),
    FOREIGN KEY (root, tenant, match) REFERENCES matches,
    FOREIGN KEY (root, tenant, statement, line) REFERENCES statement_lines
);
CREATE UNIQUE INDEX a_line_is_matched_once ON matched_lines (root, tenant, statement, line) WHERE stands;

-- ---------------------------------------------------------------------------------------------------------------------
-- Breaks: a payment or a line without a match.

CREATE TABLE break_kinds (
    kind int2 PRIMARY KEY,
    word text NOT NULL UNIQUE
);
INSERT INTO break_kinds VALUES (1, 'missing-in-bank'), (2, 'missing-in-ledger'), (3, 'amount'), (4, 'duplicate'),
    (5, 'ambiguous'), (6, 'timing');

CREATE TABLE breaks (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    number int8 NOT NULL CHECK (number > 0),
    account text NOT NULL,
    entry int8,
    statement int8,
    line int4,
    kind int2 NOT NULL REFERENCES break_kinds,
    amount int8 NOT NULL,
    since date NOT NULL,
    related text NOT NULL,
    owner text,
    resolution text CHECK (resolution IN ('matched', 'by-hand', 'noted', 'void')),
    PRIMARY KEY (root, tenant, number),
    FOREIGN KEY (root, tenant, entry) REFERENCES payments,
    FOREIGN KEY (root, tenant, statement, line) REFERENCES statement_lines,
    CONSTRAINT of_a_payment_or_a_line CHECK (
        (entry IS NULL) = (statement IS NOT NULL) AND (statement IS NULL) = (line IS NULL))
);
COMMENT ON COLUMN breaks.resolution IS 'NULL while it is open';
CREATE UNIQUE INDEX one_open_break_of_a_payment ON breaks (root, tenant, entry)
    WHERE entry IS NOT NULL AND (resolution IS NULL OR resolution = 'noted');
CREATE UNIQUE INDEX one_open_break_of_a_line ON breaks (root, tenant, statement, line)
    WHERE line IS NOT NULL AND (resolution IS NULL OR resolution = 'noted');
CREATE INDEX open_breaks ON breaks (root, tenant, number) WHERE resolution IS NULL;

-- What befell a break, from its opening on.
CREATE TABLE break_events (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    break int8 NOT NULL,
    at timestamptz NOT NULL,
    nth int4 NOT NULL,
    event text NOT NULL,
    detail text NOT NULL,
    by text NOT NULL,
    PRIMARY KEY (root, tenant, break, nth),
    FOREIGN KEY (root, tenant, break) REFERENCES breaks
);
CREATE TRIGGER break_events_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON break_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the planner knows of these tables, brought up to date after many rows: the next statement joins them.
CREATE FUNCTION gather_bank_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = grantledger, pg_temp AS $$
BEGIN
    ANALYZE statements, statement_lines, payments, ordered_payments, matches, matched_payments, matched_lines, breaks,
        break_events;
END
$$;
REVOKE ALL ON FUNCTION gather_bank_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gather_bank_statistics() TO grantledger_daemon;

-- ---------------------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT ON bank_heads, fund_accounts, statements, statement_lines, payments, payment_orders,
    ordered_payments, matches, matched_payments, matched_lines, breaks, break_events TO grantledger_daemon;
GRANT SELECT ON match_rules, break_kinds TO grantledger_daemon;
GRANT UPDATE (next_statement, next_match, next_break, gathered_through) ON bank_heads TO grantledger_daemon;
GRANT UPDATE (bank, account) ON fund_accounts TO grantledger_daemon;
GRANT UPDATE (closed_at, place, sequence, currency, first_day, last_day, opening, closing, digest, put_by) ON statements
    TO grantledger_daemon;
GRANT DELETE ON statement_lines TO grantledger_daemon;
GRANT UPDATE (account, void_by, void_from) ON payments TO grantledger_daemon;
GRANT UPDATE (is_posted, undone_at, undone_by, undone_because, is_refused) ON matches TO grantledger_daemon;
GRANT UPDATE (stands) ON matched_payments, matched_lines TO grantledger_daemon;
GRANT UPDATE (kind, amount, related, owner, resolution) ON breaks TO grantledger_daemon;

-- A reporting role reads what row-level security lets it; these tables are the daemon's alone.
ALTER TABLE bank_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE fund_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE statements ENABLE ROW LEVEL SECURITY;
ALTER TABLE statement_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE ordered_payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE matches ENABLE ROW LEVEL SECURITY;
ALTER TABLE matched_payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE matched_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE breaks ENABLE ROW LEVEL SECURITY;
ALTER TABLE break_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY daemon ON bank_heads TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON fund_accounts TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON statements TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON statement_lines TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON payments TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON payment_orders TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON ordered_payments TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON matches TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON matched_payments TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON matched_lines TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON breaks TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON break_events TO grantledger_daemon USING (true) WITH CHECK (true);
