-- 0004: reporting.
--
-- Why: reporting tools ask in SQL of their own, and nobody reads that beforehand. So the database itself shows each of
-- them the rows of its own tenants and no others, whatever it asks. And two more guards of the journal, against
-- mistakes of the daemon itself.
-- Locks: ACCESS EXCLUSIVE on every table of the books until COMMIT, which is milliseconds. `roots` comes first, because
-- every writer locks it first: they wait there, where they hold nothing that is waited for here. A long query over
-- several tables may deadlock with this, and one of both ends; where it is this, migrate again.
-- Cost: no row is read or written. To the daemon the policies cost nothing: the planner drops one that is `true`.
-- Runs as the owner of the schema, in one transaction, with search_path = grantledger.
--
-- Whoever migrates owns the tables, and row-level security binds neither owners nor superusers: they see all rows, as
-- before. A role that backs up the books must be one of them, or have BYPASSRLS; others are refused by pg_dump.
--
-- What it cannot hide from somebody who writes SQL: how large the tables are and how often they change (catalogs,
-- ctid, the numbers that a root gives out), and whether other tenants have a row with a certain identifier, key or
-- number: an index finds that before a policy is asked, and EXPLAIN ANALYZE and the clock tell. Amounts, names and bank
-- accounts are in no index. Who must not know even that gets reports, or a database of its own.

-- Roles belong to the whole server: another of its databases may have made this one, or be making it right now.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grantledger_reader') THEN
        CREATE ROLE grantledger_reader NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role grantledger_reader is missing, and % may not make it', current_user
            USING ERRCODE = 'GL004', HINT = 'As a superuser run: CREATE ROLE grantledger_reader NOLOGIN';
END
$$;

LOCK TABLE roots;

-- ---------------------------------------------------------------------------------------------------------------------
-- Who may read what

-- A right to read a tenant and all below it. The role is kept by its number, so that another one that gets its name
-- later does not get its rights.
CREATE TABLE readers (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    role regrole NOT NULL,
    PRIMARY KEY (root, tenant, role),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number)
);

-- The tenants whose rows are shown: those that the session's user was granted, with all below them. The setting
-- grantledger.tenant, which anybody can set, only ever narrows this: to the tenant that it names, with all below it.
--
-- session_user is who logged in. Neither SET ROLE nor a function of somebody else (SECURITY DEFINER) changes it, as
-- they change current_user. So a pool that logs in as one user has that one's rights for all whom it serves.
CREATE FUNCTION visible_tenants() RETURNS int4[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = grantledger, pg_temp AS $$
DECLARE
    narrowed_to text := nullif(current_setting('grantledger.tenant', true), '');
BEGIN
    RETURN ARRAY (
        WITH RECURSIVE granted (tenant) AS (
                SELECT r.tenant FROM readers r JOIN pg_roles u ON u.oid = r.role WHERE u.rolname = session_user
            UNION
                SELECT t.number FROM granted g JOIN tenants t ON t.parent = g.tenant
            ),
            narrowed (tenant) AS (
                SELECT number FROM tenants WHERE id = narrowed_to
            UNION
                SELECT t.number FROM narrowed n JOIN tenants t ON t.parent = n.tenant
            )
        SELECT tenant FROM granted WHERE narrowed_to IS NULL OR tenant IN (SELECT tenant FROM narrowed)
    );
END
$$;

-- The roots of these. Policies name them too, since `root` is first in every index.
CREATE FUNCTION visible_roots() RETURNS int4[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = grantledger, pg_temp AS $$
BEGIN
    RETURN ARRAY (SELECT DISTINCT root FROM tenants WHERE number = ANY (visible_tenants()));
END
$$;

-- The funds of these, which are few.
CREATE FUNCTION visible_funds() RETURNS int8[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = grantledger, pg_temp AS $$
BEGIN
    RETURN ARRAY (SELECT number FROM funds WHERE root = ANY (visible_roots()) AND tenant = ANY (visible_tenants()));
END
$$;

-- The same tenants and those above them, whose schemes and parties they use.
CREATE FUNCTION known_tenants() RETURNS int4[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = grantledger, pg_temp AS $$
BEGIN
    RETURN ARRAY (
        WITH RECURSIVE known (tenant) AS (
            SELECT unnest(visible_tenants())
        UNION
            SELECT t.parent FROM known k JOIN tenants t ON t.number = k.tenant WHERE t.parent IS NOT NULL
        )
        SELECT tenant FROM known
    );
END
$$;

-- Lets a login read a tenant and all below it. The owner runs it: SELECT grant_reporting('analyst', 'lingang');
CREATE FUNCTION grant_reporting(reader text, to_read text) RETURNS void
LANGUAGE plpgsql SET search_path = grantledger, pg_temp AS $$
DECLARE
    login pg_roles;
    power name;
    granted tenants;
BEGIN
    SELECT * INTO login FROM pg_roles WHERE rolname = reader;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no role %', quote_ident(reader)
            USING ERRCODE = 'GL004', HINT = format('Make it first: CREATE ROLE %I LOGIN', reader);
    END IF;
    SELECT * INTO granted FROM tenants WHERE id = to_read;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no tenant %', to_read
            USING ERRCODE = 'GL004', HINT = 'Name it by its identifier, such as shanghai.';
    END IF;
    IF NOT (login.rolcanlogin AND login.rolinherit) THEN
        RAISE EXCEPTION 'the role % is %', quote_ident(reader),
            CASE WHEN login.rolcanlogin THEN 'NOINHERIT and would not have its rights' ELSE 'no login' END
            USING ERRCODE = 'GL004',
                HINT = 'Rights are those of who logs in: grant each login its own, or ALTER ROLE … LOGIN INHERIT.';
    END IF;
    -- What it is, or could become by SET ROLE or by granting itself more.
    SELECT p.rolname INTO power FROM pg_roles p
    WHERE pg_has_role(login.oid, p.oid, 'MEMBER') AND (
        p.rolsuper OR p.rolbypassrls OR p.rolcreaterole OR p.rolreplication OR p.rolname IN (
            'grantledger_daemon', 'pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
            'pg_write_server_files', 'pg_execute_server_program')
        OR p.oid = (SELECT relowner FROM pg_class WHERE oid = 'entries'::regclass))
    ORDER BY p.oid <> login.oid, p.rolname LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the role % could read more than it is granted: %', quote_ident(reader),
            CASE WHEN power = login.rolname THEN 'by its own attributes' ELSE format('as a member of %I', power) END
            USING ERRCODE = 'GL004',
                HINT = 'Take a login without SUPERUSER, BYPASSRLS, CREATEROLE and REPLICATION, and without such roles.';
    END IF;

    -- Of roles that were dropped, by DROP OWNED first.
    DELETE FROM readers WHERE role NOT IN (SELECT oid FROM pg_roles);
    INSERT INTO readers VALUES (granted.root, granted.number, login.oid) ON CONFLICT DO NOTHING;
    -- The group opens the tables in all databases of the server, the schema only this one. And a role that has rights
    -- on a schema cannot be dropped.
    EXECUTE format('GRANT USAGE ON SCHEMA grantledger TO %I', reader);
    IF NOT pg_has_role(login.oid, 'grantledger_reader', 'USAGE') THEN
        EXECUTE format('GRANT grantledger_reader TO %I', reader);
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION '% may not grant this: %', current_user, SQLERRM
            USING ERRCODE = 'GL004', HINT = format(
                'Only the owner of the schema grants. Where it may not grant roles, run as a superuser before: '
                'GRANT grantledger_reader TO %I', reader);
END
$$;

-- Takes that right away again; what the role was granted above or below that tenant stays.
CREATE FUNCTION revoke_reporting(reader text, of_tenant text) RETURNS void
LANGUAGE plpgsql SET search_path = grantledger, pg_temp AS $$
DECLARE
    login oid := (SELECT oid FROM pg_roles WHERE rolname = reader);
BEGIN
    DELETE FROM readers r USING tenants t
    WHERE r.role = login AND (t.root, t.number) = (r.root, r.tenant) AND t.id = of_tenant;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the role % was not granted the tenant %', quote_ident(reader), of_tenant
            USING ERRCODE = 'GL004', HINT = 'Of this database it was granted: ' || coalesce(
                (SELECT string_agg(t.id, ', ' ORDER BY t.id)
                FROM readers r JOIN tenants t ON (t.root, t.number) = (r.root, r.tenant) WHERE r.role = login),
                'nothing');
    END IF;
    -- It stays in the group, which opens nothing without the schema: other databases may need it there.
    IF NOT EXISTS (SELECT FROM readers WHERE role = login) THEN
        EXECUTE format('REVOKE USAGE ON SCHEMA grantledger FROM %I', reader);
    END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Which rows each role has. A role that no policy names has none, whatever it was granted.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'roots', 'tenants', 'schemes', 'parameters', 'parties', 'subjects', 'caps', 'funds', 'budgets', 'awards',
        'heads', 'entries', 'marks', 'bases'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY daemon ON %I TO grantledger_daemon USING (true) WITH CHECK (true)', name);
    END LOOP;
END
$$;

-- A scalar subselect is run once for a query, not once for a row.
--
-- array_position is asked first; the conditions after it are for the indexes. PostgreSQL asks the cheapest condition
-- first, be it a policy's or, where it is a comparison that gives nothing away by itself, a reader's; but EXPLAIN
-- ANALYZE and the clock show whether a row came as far as the policy, and so what others' rows hold. A function counts
-- as little as any comparison, and of equals the policy's comes first. (`= ANY` counts as five comparisons.)
CREATE POLICY reader ON tenants FOR SELECT TO grantledger_reader USING (
    array_position((SELECT known_tenants()), number) IS NOT NULL);
CREATE POLICY reader ON schemes FOR SELECT TO grantledger_reader USING (
    array_position((SELECT known_tenants()), owner) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND owner = ANY ((SELECT known_tenants())::int4[]));
CREATE POLICY reader ON parties FOR SELECT TO grantledger_reader USING (
    array_position((SELECT known_tenants()), owner) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND owner = ANY ((SELECT known_tenants())::int4[]));
CREATE POLICY reader ON parameters FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_tenants()), payer) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND payer = ANY ((SELECT visible_tenants())::int4[]));
CREATE POLICY reader ON funds FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_tenants()), tenant) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND tenant = ANY ((SELECT visible_tenants())::int4[]));
CREATE POLICY reader ON awards FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_tenants()), tenant) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND tenant = ANY ((SELECT visible_tenants())::int4[]));
CREATE POLICY reader ON heads FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_tenants()), tenant) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND tenant = ANY ((SELECT visible_tenants())::int4[]));
CREATE POLICY reader ON entries FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_tenants()), tenant) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND tenant = ANY ((SELECT visible_tenants())::int4[]));
CREATE POLICY reader ON marks FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_tenants()), tenant) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND tenant = ANY ((SELECT visible_tenants())::int4[]));
CREATE POLICY reader ON bases FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_tenants()), tenant) IS NOT NULL
    AND root = ANY ((SELECT visible_roots())::int4[]) AND tenant = ANY ((SELECT visible_tenants())::int4[]));
-- Two roots may have a fund of one number.
CREATE POLICY reader ON budgets FOR SELECT TO grantledger_reader USING (
    array_position((SELECT visible_funds()), fund) IS NOT NULL
    AND EXISTS (SELECT FROM funds f WHERE f.root = budgets.root AND f.number = budgets.fund));

-- Of subjects and caps those on which there is an award to be seen. To ask for that costs more than a comparison: so of
-- these tables readers have what names them, all of it in indexes, and the rest by the views own_subjects and own_caps.
CREATE POLICY reader ON subjects FOR SELECT TO grantledger_reader USING (
    EXISTS (SELECT FROM awards a WHERE a.root = subjects.root AND a.subject = subjects.number));
CREATE POLICY reader ON caps FOR SELECT TO grantledger_reader USING (
    EXISTS (SELECT FROM awards a WHERE a.root = caps.root AND a.subject = caps.subject AND a.cap = caps.number));

ALTER TABLE readers ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON readers FOR SELECT TO grantledger_reader
    USING (role = (SELECT oid FROM pg_roles WHERE rolname = session_user));

-- EXPLAIN tells everybody how many rows the planner expects, which it reckons from the values of all tenants: so it is
-- to know none of those that are nobody else's business. No query of the daemon looks for them.
ALTER TABLE parties
    ALTER name SET STATISTICS 0, ALTER uscc SET STATISTICS 0, ALTER linked_group SET STATISTICS 0,
    ALTER bank SET STATISTICS 0, ALTER account SET STATISTICS 0;
ALTER TABLE parameters ALTER rate SET STATISTICS 0, ALTER cap SET STATISTICS 0;
ALTER TABLE caps
    ALTER committed SET STATISTICS 0, ALTER disbursed SET STATISTICS 0, ALTER forfeited SET STATISTICS 0;
ALTER TABLE budgets
    ALTER appropriated SET STATISTICS 0, ALTER committed SET STATISTICS 0, ALTER disbursed SET STATISTICS 0;
ALTER TABLE heads ALTER last_sequence SET STATISTICS 0, ALTER last_hash SET STATISTICS 0;
ALTER TABLE bases ALTER amount SET STATISTICS 0;
ALTER TABLE entries
    ALTER amount SET STATISTICS 0, ALTER committed SET STATISTICS 0, ALTER disbursed SET STATISTICS 0,
    ALTER remaining SET STATISTICS 0, ALTER principal SET STATISTICS 0, ALTER content SET STATISTICS 0;

-- ---------------------------------------------------------------------------------------------------------------------
-- What people read, with the rights of who reads
--
-- account_name ran a query of its own for each account, which would ask all these policies anew each time. The planner
-- puts the body of a function in FROM into the query that asks: policies are then asked once. Bodies that are parsed
-- here (BEGIN ATOMIC) mean the same tables whatever search_path a reader has.

-- The full name of an account, such as budget:general:2024:available; NULL where it belongs to nothing.
CREATE FUNCTION account_names(of_root int4, of_account int8) RETURNS TABLE (name text) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN is_money THEN s.word WHEN s.owner = 'fund' THEN 'budget' ELSE s.owner END || ':'
        || CASE s.owner
            WHEN 'fund' THEN (SELECT f.fund FROM funds f WHERE f.root = of_root AND f.number = a.owner)
            WHEN 'award' THEN (SELECT w.award FROM awards w WHERE w.root = of_root AND w.number = a.owner)
            -- Who is paid on a subject that several pay for may be the party of one that the reader does not see.
            WHEN 'party' THEN coalesce(
                (SELECT t.id || '|' || p.party
                FROM parties p JOIN tenants t ON t.root = p.root AND t.number = p.owner
                WHERE p.root = of_root AND p.number = a.owner),
                CASE WHEN row_security_active('parties'::regclass) THEN '#' || a.owner END)
            -- owner|scheme|subject[|payer][||period]: no identifier has a bar in it, so that no two caps have one name.
            WHEN 'cap' THEN (
                SELECT o.id || '|' || j.scheme || '|' || j.subject
                    || coalesce('|' || t.id, CASE WHEN c.period <> 0 THEN '|' END, '')
                    || coalesce('|' || nullif(c.period, 0), '')
                FROM caps c JOIN subjects j ON j.root = c.root AND j.number = c.subject
                    JOIN tenants o ON o.root = j.root AND o.number = j.owner
                    LEFT JOIN tenants t ON t.root = c.root AND t.number = c.payer
                WHERE c.root = of_root AND c.number = a.owner)
        END
        || CASE s.below
            WHEN 'day' THEN to_char(date '1900-01-01' + a.below, ':YYYY-MM-DD')
            WHEN 'year' THEN ':' || a.below
            WHEN 'ordinal' THEN ':' || a.below
            ELSE ''
        END
        || CASE WHEN is_money THEN '' ELSE ':' || s.word END
    FROM account_slots s
        CROSS JOIN LATERAL (SELECT s.word IN ('expense', 'cash', 'payable', 'receivable')) AS m (is_money)
        -- Computed by themselves (OFFSET 0): beside a policy an index is used for a plain value, and for no expression
        -- that might give away to which rows it is applied.
        CROSS JOIN LATERAL (
            SELECT of_account >> 28, (of_account >> 6 & 4194303)::int4 OFFSET 0
        ) AS a (owner, below)
    WHERE s.slot = of_account & 63;
END;

CREATE OR REPLACE FUNCTION account_name(of_root int4, of_account int8) RETURNS text LANGUAGE sql STABLE
RETURN (SELECT name FROM account_names(of_root, of_account));
DROP FUNCTION cap_name(int4, int8);

-- `place` is that of a transfer's amount. Of unnest the planner expects few rows, of generate_series a thousand.
CREATE OR REPLACE VIEW transfers WITH (security_invoker = true) AS
    SELECT e.root, t.id AS tenant, e.sequence, (place / 3)::int4 AS position, e.date, k.verb,
        debit.name COLLATE "default" AS debit, credit.name COLLATE "default" AS credit,
        fen / 100.0 AS amount, e.transfers[place - 2] AS debit_account, e.transfers[place - 1] AS credit_account, fen
    FROM entries e
        JOIN tenants t ON t.root = e.root AND t.number = e.tenant
        JOIN entry_kinds k USING (kind)
        JOIN LATERAL unnest(e.transfers) WITH ORDINALITY AS u (fen, place) ON place % 3 = 0
        LEFT JOIN LATERAL account_names(e.root, e.transfers[place - 2]) debit ON true
        LEFT JOIN LATERAL account_names(e.root, e.transfers[place - 1]) credit ON true;

CREATE OR REPLACE VIEW accounts WITH (security_invoker = true) AS
    SELECT a.root, a.tenant, named.name COLLATE "default" AS account,
        a.debits / 100 AS debits, a.credits / 100 AS credits, (a.debits - a.credits) / 100 AS balance
    FROM (
            SELECT e.root, t.id AS tenant, side.account, sum(side.debit) AS debits, sum(side.credit) AS credits
            FROM entries e
                JOIN tenants t ON t.root = e.root AND t.number = e.tenant
                JOIN LATERAL unnest(e.transfers) WITH ORDINALITY AS u (fen, place) ON place % 3 = 0
                CROSS JOIN LATERAL (VALUES
                    (e.transfers[place - 2], fen::numeric, 0::numeric),
                    (e.transfers[place - 1], 0::numeric, fen::numeric)) side (account, debit, credit)
            GROUP BY e.root, t.id, side.account
        ) a LEFT JOIN LATERAL account_names(a.root, a.account) named ON true;

ALTER VIEW award_payees SET (security_invoker = true);

-- What else there is to subjects and caps, for readers only. These views have the rights of their owner and decide by
-- themselves; OFFSET 0 keeps the conditions of whoever asks out of them. Left out is what every payer of a subject has
-- set (term_payers, term_rates, term_caps). A cap that several tenants share counts all of them.
CREATE VIEW own_subjects WITH (security_barrier = true) AS
    SELECT s.root, s.number, s.party, s.owner, s.scheme, s.version, s.subject, s.opened, s.was_committed,
        s.condition_names, s.condition_dates, s.condition_evidence, s.basis_periods, s.basis_amounts
    FROM subjects s
    WHERE EXISTS (
        SELECT FROM awards a
        WHERE a.root = s.root AND a.subject = s.number
            AND a.root = ANY ((SELECT visible_roots())::int4[]) AND a.tenant = ANY ((SELECT visible_tenants())::int4[]))
    OFFSET 0;
CREATE VIEW own_caps WITH (security_barrier = true) AS
    SELECT c.root, c.number, c.subject, c.payer, c.period, c.committed, c.disbursed, c.forfeited, c.dated_days,
        c.dated_amounts
    FROM caps c
    WHERE EXISTS (
        SELECT FROM awards a
        WHERE a.root = c.root AND a.subject = c.subject AND a.cap = c.number
            AND a.root = ANY ((SELECT visible_roots())::int4[]) AND a.tenant = ANY ((SELECT visible_tenants())::int4[]))
    OFFSET 0;

-- ---------------------------------------------------------------------------------------------------------------------
-- Rights

REVOKE ALL ON FUNCTION grant_reporting(text, text), revoke_reporting(text, text), visible_tenants(), visible_roots(),
    visible_funds(), known_tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION visible_tenants(), visible_roots(), visible_funds(), known_tenants() TO grantledger_reader;
GRANT SELECT ON readers, tenants, schemes, parameters, parties, funds, budgets, awards, heads, entries, marks, bases,
    entry_kinds, account_slots, transfers, accounts, award_payees, own_subjects, own_caps TO grantledger_reader;
GRANT SELECT (root, number, party, owner, scheme, version, subject) ON subjects TO grantledger_reader;
GRANT SELECT (root, number, subject, payer, period) ON caps TO grantledger_reader;

-- ---------------------------------------------------------------------------------------------------------------------
-- The guard, second part: against what a mistake of the daemon itself could write. Each is asked once a statement, not
-- once an entry, and finds its rows by primary key.

-- Entries go on where the head of their journal stands: no gap, no fork, no tenant that there is not.
CREATE FUNCTION refuse_strays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stray record;
BEGIN
    SELECT p.*, h.last_sequence INTO stray
    FROM (
            SELECT root, tenant, min(sequence) AS first, max(sequence) AS last, count(*) AS count
            FROM posted GROUP BY root, tenant
        ) p LEFT JOIN heads h ON h.root = p.root AND h.tenant = p.tenant
    WHERE (p.first = h.last_sequence + 1 AND p.last = h.last_sequence + p.count) IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% entries % to % of tenant % do not go on where its journal stands, which is %',
            stray.count, stray.first, stray.last, stray.tenant, coalesce(stray.last_sequence::text, 'nowhere')
            USING ERRCODE = 'GL005', HINT = 'Something other than the daemon has posted; run CHECK.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER entries_go_on AFTER INSERT ON entries REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_strays();

-- A head stands at an entry that there is; entries are written before it. Asked as it is here, the primary key is the
-- one way to find it that needs no sorting, also where PostgreSQL knows nothing of the table yet.
CREATE FUNCTION refuse_empty_heads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        SELECT e.sequence = NEW.last_sequence AND e.hash = NEW.last_hash FROM entries e
        WHERE e.root = NEW.root AND e.tenant = NEW.tenant AND e.sequence >= NEW.last_sequence
        ORDER BY e.sequence LIMIT 1
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'the journal of tenant % has no entry % with the hash that its head is to have', NEW.tenant,
            NEW.last_sequence USING ERRCODE = 'GL005', HINT = 'Entries are written before their head.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER heads_stand_at_entries AFTER UPDATE ON heads FOR EACH ROW
    WHEN (OLD.last_sequence <> NEW.last_sequence OR OLD.last_hash <> NEW.last_hash)
    EXECUTE FUNCTION refuse_empty_heads();
