-- What somebody would write by hand: one account's balance goes down, another's up, and a row says so, in one
-- transaction for each posting. No foreign key leads from postings to accounts, since the share locks on a hot account
-- cost more than all the rest.
CREATE TABLE accounts (
    id int8 PRIMARY KEY,
    balance int8 NOT NULL CHECK (balance >= 0)
) WITH (fillfactor = 50);

CREATE TABLE postings (
    id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    posted_at timestamptz NOT NULL DEFAULT now(),
    debit int8 NOT NULL,
    credit int8 NOT NULL,
    amount int8 NOT NULL CHECK (amount > 0),
    key text NOT NULL UNIQUE
);

CREATE FUNCTION post(debited int8, credited int8, amount int8) RETURNS int8 LANGUAGE plpgsql AS $$
DECLARE
    posting int8;
BEGIN
    -- The lower account first, so that two postings never wait for each other.
    IF debited < credited THEN
        UPDATE accounts SET balance = balance - amount WHERE id = debited;
        UPDATE accounts SET balance = balance + amount WHERE id = credited;
    ELSE
        UPDATE accounts SET balance = balance + amount WHERE id = credited;
        UPDATE accounts SET balance = balance - amount WHERE id = debited;
    END IF;
    INSERT INTO postings (debit, credit, amount, key) VALUES (debited, credited, amount, gen_random_uuid()::text)
    RETURNING id INTO posting;
    RETURN posting;
END
$$;

INSERT INTO accounts SELECT n, 1000000000000 FROM generate_series(1, 10000) AS n;
VACUUM ANALYZE accounts;
