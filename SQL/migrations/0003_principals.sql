-- 0003: who may speak, and what was signed.
--
-- Why: a token names a principal, whose role says what it may do to which tenants; a seal says how far a journal was
-- whole, in a way that nobody without the daemon's key can say again.
-- Locks: makes new objects only; nobody waits for it.
-- Cost: none.
-- Runs as the owner of the schema, in one transaction, with search_path = grantledger.

-- Few rows, of which every daemon holds all; `version` of principals_head tells it whether they are still the same.
CREATE TABLE principals (
    principal text COLLATE "C" PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('operator', 'finance', 'committee', 'reconciler')),
    tenant text COLLATE "C" REFERENCES tenants (id),
    schemes text[] CHECK (cardinality(schemes) > 0),
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    revoked_at timestamptz,
    revoked_by text,
    CONSTRAINT revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON COLUMN principals.tenant IS 'it reaches this one and those below; NULL: every tenant';
COMMENT ON COLUMN principals.schemes IS 'it reaches these alone; NULL: every scheme';
COMMENT ON COLUMN principals.token_hash IS 'SHA-256 of the token, which is kept nowhere';

CREATE TABLE principals_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version int8 NOT NULL CHECK (version >= 0)
);
INSERT INTO principals_head (version) VALUES (0);

-- A principal that was revoked stays revoked, and its name is never another's.
CREATE FUNCTION refuse_revival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'principal % was revoked and stays so', OLD.principal
            USING ERRCODE = 'GL009', HINT = 'Create one of another name.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER revoked_stays_revoked BEFORE UPDATE ON principals FOR EACH ROW EXECUTE FUNCTION refuse_revival();

-- The head of a journal as it was signed. Ed25519: the keys are the daemons' own, and each seal names its.
CREATE TABLE seals (
    root int4 NOT NULL,
    tenant int4 NOT NULL,
    sequence int8 NOT NULL CHECK (sequence > 0),
    sealed_at timestamptz NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    PRIMARY KEY (root, tenant, sequence, public_key),
    FOREIGN KEY (root, tenant) REFERENCES tenants (root, number)
);
CREATE TRIGGER seals_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT ON principals, principals_head, seals TO grantledger_daemon;
GRANT INSERT ON principals, seals TO grantledger_daemon;
GRANT UPDATE (token_hash, revoked_at, revoked_by) ON principals TO grantledger_daemon;
GRANT UPDATE (version) ON principals_head TO grantledger_daemon;

-- Who may read everything by some other right still reads none of these: only the daemon's role does.
ALTER TABLE principals ENABLE ROW LEVEL SECURITY;
ALTER TABLE seals ENABLE ROW LEVEL SECURITY;
CREATE POLICY daemon ON principals TO grantledger_daemon USING (true) WITH CHECK (true);
CREATE POLICY daemon ON seals TO grantledger_daemon USING (true) WITH CHECK (true);
