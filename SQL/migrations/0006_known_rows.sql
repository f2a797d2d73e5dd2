-- 0006: a stamp on a root's books.
--
-- Why: a daemon holds the rows of its last batches in memory, so that the next batch need not read them again. They
-- are what stands as long as nobody else has changed the root's books, which `stamp` tells: every transaction that
-- changes them sets it to a number of its own, and one that was decided over rows of another stamp starts over. A
-- random number, not a count: two transactions that come to nothing and to something after the same one must not be
-- taken for each other, neither here nor on a standby that takes over.
-- `registry_version` becomes `registry_stamp` for the same reason, and so that a daemon of before, which would not set
-- the stamp, cannot post beside one that relies on it: it fails with a clear error and changes nothing.
-- Locks: ACCESS EXCLUSIVE on roots for a moment. Cost: none; the default is no row's to be rewritten.
ALTER TABLE roots RENAME COLUMN registry_version TO registry_stamp;
ALTER TABLE roots ADD COLUMN stamp int8 NOT NULL DEFAULT 0;
COMMENT ON COLUMN roots.registry_stamp IS 'the stamp of the last one that changed tenants, schemes or parameters';
COMMENT ON COLUMN roots.stamp IS 'a random number of the last transaction that changed the root''s books';
GRANT UPDATE (stamp) ON roots TO grantledger_daemon;

-- Ends a transaction that was decided over what does not stand any more. It is decided anew, and nobody hears of it.
CREATE FUNCTION start_over_unless(holds boolean, what text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION '% while this was decided', what USING ERRCODE = 'serialization_failure';
    END IF;
END
$$;
