-- The database of sqlite.test.js: the same bytes each time.
PRAGMA page_size = 4096;

CREATE TABLE station (id INTEGER PRIMARY KEY, name TEXT NOT NULL, height REAL, key BLOB);
CREATE TABLE reading (
  id INTEGER PRIMARY KEY, station INTEGER REFERENCES station, day TEXT, degrees REAL, note TEXT
);

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
INSERT INTO station
SELECT i, 'station "' || char(0x391 + i % 24) || '" ' || i, i * 37 % 1000 / 4.0, CAST(i * 7919 AS BLOB) FROM n;

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
INSERT INTO reading
SELECT i, i * 7919 % 200 + 1, date('2020-01-01', (i * 31 % 1461) || ' days'), i * 104729 % 240 / 4.0 - 20,
  CASE WHEN i % 9 > 0 THEN printf('note %d', i * i % 1009) END
FROM n;

CREATE INDEX reading_station ON reading (station, day);
