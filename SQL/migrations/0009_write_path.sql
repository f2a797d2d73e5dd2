-- 0009: postings are written by one call.
--
-- Why: a disbursement by itself was seven statements to the server, and of many each column travelled as an array of
-- its own, which the server had to put side by side again. Now a batch is one call that takes rows, and its statements
-- are planned once. The checks of entries move into the trigger that looks at the rows of a statement together:
-- PostgreSQL reads the text of every CHECK anew for each statement, which took a lone entry longer than its insertion,
-- and calling a function for each entry took a quarter of the time of many. What they hold is the same, and so are
-- their names.
-- Locks: ACCESS EXCLUSIVE on entries and heads for a moment. Cost: none; no row is read or written.
-- Runs as the owner of the schema, in one transaction, with search_path = grantledger.

CREATE TYPE new_entry AS (
    tenant int4, sequence int8, posted_at timestamptz, amount int8, award int8, subject int8, party int8, target int8,
    committed int8, disbursed int8, remaining int8, date date, kind int2, key text, principal text, content text,
    transfers int8[], hash bytea);
CREATE TYPE changed_award AS (
    number int8, party int8, latest date, years int4[], committed int8[], disbursed int8[], released int8[],
    recovered int8[], dated_days date[], dated_amounts int8[]);
CREATE TYPE changed_cap AS (
    number int8, committed int8, disbursed int8, forfeited int8, dated_days date[], dated_amounts int8[]);
CREATE TYPE changed_budget AS (fund int8, year int4, appropriated int8, committed int8, disbursed int8);
-- `before` is where the journal ended when the batch was decided.
CREATE TYPE changed_head AS (tenant int4, before int8, last_sequence int8, last_hash bytea, closed_through date);

-- Locks the root, unless that was done, and only then looks: whoever waited for the lock sees what the one before has
-- left. Ends the transaction where that is not what the batch was decided over. `says_so` has it tell the client at
-- once that it has the lock, so that the next batch can be sent behind it; all that comes with this call is read by
-- then.
CREATE FUNCTION take_turn(
    of_root int4, expected int8, next_stamp int8, next_number int8, touches_registry boolean, says_so boolean)
    RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    stands int8;
BEGIN
    SELECT r.stamp INTO stands FROM roots r WHERE r.root = of_root FOR UPDATE;
    IF stands IS DISTINCT FROM expected THEN
        RAISE EXCEPTION 'the root has changed while this was decided' USING ERRCODE = 'serialization_failure';
    END IF;
    IF says_so THEN
        RAISE INFO 'locked' USING ERRCODE = 'GL100';
    END IF;
    UPDATE roots r SET next_number = take_turn.next_number, stamp = next_stamp,
        registry_stamp = CASE WHEN touches_registry THEN next_stamp ELSE r.registry_stamp END
    WHERE r.root = of_root;
END
$$;

-- Writes the entries of a batch and the balances that they change. Each row that changes must be there as it was when
-- the batch was decided: no gap and no fork of a journal, and no balance that nobody has, can come about. Entries are
-- written before their head.
CREATE FUNCTION write_postings(
    of_root int4, entries_new new_entry[], awards_changed changed_award[], caps_changed changed_cap[],
    budgets_changed changed_budget[], heads_changed changed_head[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    changed int8;
BEGIN
    IF cardinality(caps_changed) > 0 THEN
        UPDATE caps t SET committed = u.committed, disbursed = u.disbursed, forfeited = u.forfeited,
            dated_days = u.dated_days, dated_amounts = u.dated_amounts
        FROM unnest(caps_changed) u WHERE t.root = of_root AND t.number = u.number;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> cardinality(caps_changed) THEN
            PERFORM expect(changed, cardinality(caps_changed), 'caps');
        END IF;
    END IF;
    IF cardinality(budgets_changed) > 0 THEN
        UPDATE budgets t SET appropriated = u.appropriated, committed = u.committed, disbursed = u.disbursed
        FROM unnest(budgets_changed) u WHERE t.root = of_root AND t.fund = u.fund AND t.year = u.year;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> cardinality(budgets_changed) THEN
            PERFORM expect(changed, cardinality(budgets_changed), 'budgets');
        END IF;
    END IF;
    IF cardinality(awards_changed) > 0 THEN
        UPDATE awards t SET party = u.party, latest = u.latest, years = u.years, committed = u.committed,
            disbursed = u.disbursed, released = u.released, recovered = u.recovered, dated_days = u.dated_days,
            dated_amounts = u.dated_amounts
        FROM unnest(awards_changed) u WHERE t.root = of_root AND t.number = u.number;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> cardinality(awards_changed) THEN
            PERFORM expect(changed, cardinality(awards_changed), 'awards');
        END IF;
    END IF;
    IF cardinality(entries_new) > 0 THEN
        INSERT INTO entries (
            root, tenant, sequence, posted_at, amount, award, subject, party, target, committed, disbursed, remaining,
            date, kind, key, principal, content, transfers, hash)
        SELECT of_root, u.tenant, u.sequence, u.posted_at, u.amount, u.award, u.subject, u.party, u.target,
            u.committed, u.disbursed, u.remaining, u.date, u.kind, u.key, u.principal, u.content, u.transfers, u.hash
        FROM unnest(entries_new) u;
    END IF;
    IF cardinality(heads_changed) > 0 THEN
        UPDATE heads t SET last_sequence = u.last_sequence, last_hash = u.last_hash, closed_through = u.closed_through
        FROM unnest(heads_changed) u
        WHERE t.root = of_root AND t.tenant = u.tenant AND t.last_sequence = u.before;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> cardinality(heads_changed) THEN
            PERFORM expect(changed, cardinality(heads_changed), 'heads');
        END IF;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION
    take_turn(int4, int8, int8, int8, boolean, boolean),
    write_postings(int4, new_entry[], changed_award[], changed_cap[], changed_budget[], changed_head[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    take_turn(int4, int8, int8, int8, boolean, boolean),
    write_postings(int4, new_entry[], changed_award[], changed_cap[], changed_budget[], changed_head[])
    TO grantledger_daemon;

-- What was added to the journal is sound, entry by entry, and goes on where the heads of the journals stand: no gap, no
-- fork, no tenant that there is not. Asked once a statement. A condition that is NULL holds, as in a CHECK; one that
-- does not is reported under its name.
CREATE FUNCTION refuse_unsound_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT p.*, h.last_sequence INTO wrong
    FROM (
            SELECT root, tenant, min(sequence) AS first, max(sequence) AS last, count(*) AS count,
                max(CASE
                    WHEN NOT sequence > 0 THEN 'entries_sequence_check'
                    WHEN NOT amount BETWEEN 0 AND 9000000000000000 THEN 'entries_amount_check'
                    WHEN NOT kind BETWEEN 1 AND 11 THEN 'entries_kind_check'
                    WHEN NOT octet_length(key) BETWEEN 1 AND 64 THEN 'entries_key_check'
                    WHEN NOT octet_length(hash) = 32 THEN 'entries_hash_check'
                    WHEN NOT (kind = 1) = (cardinality(transfers) = 0) THEN 'only_a_basis_moves_nothing'
                    WHEN NOT (kind = 1 OR amount > 0) THEN 'only_a_basis_is_zero'
                    WHEN NOT (kind = 1) = (subject IS NOT NULL) THEN 'only_a_basis_names_its_subject'
                    WHEN NOT (
                        (committed IS NOT NULL) = (award IS NOT NULL AND party IS NULL)
                        AND (committed IS NULL) = (disbursed IS NULL) AND (remaining IS NULL OR committed IS NOT NULL))
                        THEN 'only_an_award_has_a_standing'
                    WHEN NOT (party IS NULL OR kind IN (9, 10)) THEN 'only_settle_names_its_party'
                    WHEN NOT (kind IN (9, 10, 11)) = (target IS NOT NULL) THEN 'only_later_kinds_have_a_target'
                    WHEN NOT (kind <> 11 OR award IS NOT NULL AND party IS NULL) THEN 'only_an_award_is_returned'
                    WHEN NOT target BETWEEN 1 AND sequence - 1 THEN 'target_comes_before'
                    -- A disbursement from one year has four transfers. Others are asked of a function, which is slower.
                    WHEN NOT CASE WHEN cardinality(transfers) = 12 THEN (
                            transfers[1] <> transfers[2] AND transfers[3] BETWEEN 1 AND 9000000000000000
                            AND transfers[4] <> transfers[5] AND transfers[6] BETWEEN 1 AND 9000000000000000
                            AND transfers[7] <> transfers[8] AND transfers[9] BETWEEN 1 AND 9000000000000000
                            AND transfers[10] <> transfers[11] AND transfers[12] BETWEEN 1 AND 9000000000000000) IS TRUE
                        ELSE transfers_are_sound(transfers) END THEN 'transfers_are_sound'
                END) AS violated
            FROM posted GROUP BY root, tenant
        ) p LEFT JOIN heads h ON h.root = p.root AND h.tenant = p.tenant
    WHERE (p.violated IS NULL AND p.first = h.last_sequence + 1 AND p.last = h.last_sequence + p.count) IS NOT TRUE
    LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF wrong.violated IS NOT NULL THEN
        RAISE EXCEPTION 'a new row of entries violates "%"', wrong.violated
            USING ERRCODE = 'check_violation', SCHEMA = 'grantledger', TABLE = 'entries', CONSTRAINT = wrong.violated;
    END IF;
    RAISE EXCEPTION '% entries % to % of tenant % do not go on where its journal stands, which is %',
        wrong.count, wrong.first, wrong.last, wrong.tenant, coalesce(wrong.last_sequence::text, 'nowhere')
        USING ERRCODE = 'GL005', HINT = 'Something other than the daemon has posted; run CHECK.';
END
$$;
DROP TRIGGER entries_go_on ON entries;
DROP FUNCTION refuse_strays();
CREATE TRIGGER entries_are_sound AFTER INSERT ON entries REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_unsound_entries();
ALTER TABLE entries
    DROP CONSTRAINT entries_sequence_check, DROP CONSTRAINT entries_amount_check, DROP CONSTRAINT entries_kind_check,
    DROP CONSTRAINT entries_key_check, DROP CONSTRAINT entries_hash_check, DROP CONSTRAINT only_a_basis_moves_nothing,
    DROP CONSTRAINT only_a_basis_is_zero, DROP CONSTRAINT only_a_basis_names_its_subject,
    DROP CONSTRAINT only_an_award_has_a_standing, DROP CONSTRAINT only_settle_names_its_party,
    DROP CONSTRAINT only_later_kinds_have_a_target, DROP CONSTRAINT only_an_award_is_returned,
    DROP CONSTRAINT target_comes_before, DROP CONSTRAINT transfers_are_sound;

-- A journal only grows, a closed period stays closed, and a head stands at an entry that there is; entries are written
-- before it. The first is asked without a call, the second once a statement. Asked as it is here, the primary key is
-- the one way to find the entry that needs no sorting, also where PostgreSQL knows nothing of the table yet.
DROP TRIGGER heads_only_grow ON heads;
CREATE TRIGGER heads_only_grow BEFORE UPDATE ON heads FOR EACH ROW
    WHEN (
        NEW.last_sequence < OLD.last_sequence OR (NEW.closed_through >= OLD.closed_through) IS FALSE
        OR OLD.closed_through IS NOT NULL AND NEW.closed_through IS NULL)
    EXECUTE FUNCTION refuse_going_back();
CREATE OR REPLACE FUNCTION refuse_going_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal of tenant % would go back from % to %', OLD.tenant, OLD.last_sequence,
        NEW.last_sequence
        USING ERRCODE = 'GL002', HINT = 'A journal only grows, and a closed period stays closed.';
END
$$;
DROP TRIGGER heads_stand_at_entries ON heads;
CREATE OR REPLACE FUNCTION refuse_empty_heads() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    empty record;
BEGIN
    SELECT h.tenant, h.last_sequence INTO empty
    FROM changed h
    WHERE CASE WHEN h.last_sequence = 0 THEN h.last_hash = decode(repeat('00', 32), 'hex') ELSE (
        SELECT e.sequence = h.last_sequence AND e.hash = h.last_hash FROM entries e
        WHERE e.root = h.root AND e.tenant = h.tenant AND e.sequence >= h.last_sequence
        ORDER BY e.sequence LIMIT 1) END IS NOT TRUE
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the journal of tenant % has no entry % with the hash that its head is to have', empty.tenant,
            empty.last_sequence USING ERRCODE = 'GL005', HINT = 'Entries are written before their head.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER heads_stand_at_entries AFTER UPDATE ON heads REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_empty_heads();

-- Entries are added at the end of their journal alone, so that a page of its index is full when the next one begins.
ALTER INDEX entries_pkey SET (fillfactor = 100);
