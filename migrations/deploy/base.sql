-- Deploy inap:base to pg: the schema and the few helpers that everything uses.
BEGIN;

CREATE SCHEMA inap;
COMMENT ON SCHEMA inap IS 'everything of INAP; nothing of it lives elsewhere';
SET LOCAL search_path = inap;
REVOKE ALL ON SCHEMA inap FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA inap REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Times leave the database as ISO 8601 in UTC, dates as they are.
CREATE FUNCTION iso(t timestamptz) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
$$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
COMMENT ON FUNCTION iso(timestamptz) IS 'ISO 8601 in UTC, seconds';

-- Deadlines are the end of the day in Baghdad, openings its start.
CREATE FUNCTION day_start(d date) RETURNS timestamptz LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
$$ SELECT d::timestamp AT TIME ZONE 'Asia/Baghdad' $$;
COMMENT ON FUNCTION day_start(date) IS '00:00 in Baghdad';
CREATE FUNCTION day_end(d date) RETURNS timestamptz LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
$$ SELECT (d + 1)::timestamp AT TIME ZONE 'Asia/Baghdad' - interval '1 microsecond' $$;
COMMENT ON FUNCTION day_end(date) IS 'the last instant of the day in Baghdad';
CREATE FUNCTION today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT (now() AT TIME ZONE 'Asia/Baghdad')::date $$;
COMMENT ON FUNCTION today() IS 'the date in Baghdad';

-- A quarter is a whole number, so that spans are comparisons: 2024Q3 = 2024 * 4 + 2.
CREATE FUNCTION quarter_number(code text) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE WHEN code ~ '^[0-9]{4}Q[1-4]$' THEN substr(code, 1, 4)::int * 4 + substr(code, 6, 1)::int - 1 END $$;
COMMENT ON FUNCTION quarter_number(text) IS '2024Q3 as a number; null when it is no quarter';
CREATE FUNCTION quarter_of(d date) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT extract(year FROM d)::int * 4 + extract(quarter FROM d)::int - 1 $$;
COMMENT ON FUNCTION quarter_of(date) IS 'the number of the quarter that holds a day';
CREATE FUNCTION quarter_code(n int) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT (n / 4)::text || 'Q' || (n % 4 + 1)::text $$;
COMMENT ON FUNCTION quarter_code(int) IS '2024Q3 of its number';

-- What period a value speaks of follows from the round and the indicator's frequency.
CREATE FUNCTION period_code(quarter int, frequency text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT CASE frequency WHEN 'semiannual' THEN (quarter / 4)::text || 'S' || (quarter % 4 / 2 + 1)::text
                         WHEN 'annual' THEN (quarter / 4)::text
                         ELSE quarter_code(quarter) END $$;
COMMENT ON FUNCTION period_code(int, text) IS '2024Q4, 2024S2 or 2024';

-- Search and sort keys: folded text in Arabic and Kurdish (spelling variants become one).
CREATE FUNCTION fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT lower(translate(regexp_replace(
         replace(replace(normalize(t, NFKC), U&'\0647\200C', U&'\06D5'), U&'\0640', ''),
         U&'[\064B-\0652\200B-\200F\061C\2066-\2069\202A-\202E]', '', 'g'),
       U&'\0623\0625\0622\064A\0649\0643\06BE\0629', U&'\0627\0627\0627\06CC\06CC\06A9\0647\0647')) $$;
COMMENT ON FUNCTION fold(text) IS 'the form of a text that search compares';

-- Context of the unit: which entities the session may read and write. Never from the request.
CREATE FUNCTION may_read() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('inap.read', true), ''), '{}')::bigint[] $$;
COMMENT ON FUNCTION may_read() IS 'entities that the unit may read';
CREATE FUNCTION may_write() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('inap.write', true), ''), '{}')::bigint[] $$;
COMMENT ON FUNCTION may_write() IS 'entities that the unit may write; 0 is the system''s own chain';

CREATE DOMAIN label AS text CHECK (VALUE IS NFC NORMALIZED AND length(VALUE) <= 2000);
COMMENT ON DOMAIN label IS 'a name: NFC, 2000 characters at most';
CREATE DOMAIN words AS text CHECK (VALUE IS NFC NORMALIZED AND octet_length(VALUE) <= 32768);
COMMENT ON DOMAIN words IS 'a note or an answer: NFC, 32 KiB at most';
CREATE DOMAIN decimal_number AS numeric CHECK (VALUE <> 'NaN' AND abs(VALUE) < 1e18 AND scale(VALUE) <= 20);
COMMENT ON DOMAIN decimal_number IS 'an exact decimal: 18 digits before the point, 20 behind it';

COMMIT;
