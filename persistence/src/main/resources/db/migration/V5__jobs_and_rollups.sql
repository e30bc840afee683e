-- Jobs that one node at a time runs, and the hourly roll-ups of the ledger that two of them build and prove.

DROP TABLE job_lease;

-- A job's schedule, its last run, and the lease of the node that runs it. Leases are by the database's clock, schedules by the
-- business clock. Every lease has a larger token than the one before; a job's transactions check it and hold this row.
CREATE TABLE job (
  name          VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  next_run      DATETIME(6)  NOT NULL,
  last_run      DATETIME(6)  NULL COMMENT 'when the last run that ended had begun',
  duration_ms   BIGINT       NULL COMMENT 'of that run, as is outcome',
  outcome       VARCHAR(80)  CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'done, or failed and the kind of failure',
  lease_owner   VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  lease_until   DATETIME(6)  NULL,
  fencing_token BIGINT       NOT NULL DEFAULT 0
);

-- What an operator must look at. The same finding is one row, however often it is found.
CREATE TABLE operator_alert (
  id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  kind          VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail        VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  first_seen_at DATETIME(6)  NOT NULL,
  last_seen_at  DATETIME(6)  NOT NULL,
  resolved_at   DATETIME(6)  NULL,
  UNIQUE KEY alert_once (kind, subject)
);

-- The ids of committed rows that are in no roll-up yet. A trigger notes each in the transaction of its row, so that none can be
-- missed, however late it comes; the roll-up deletes it in the transaction that counts the row, so that none is counted twice.
CREATE TABLE ledger_unrolled (
  request_id BINARY(16) NOT NULL PRIMARY KEY
);

INSERT INTO ledger_unrolled (request_id) SELECT request_id FROM ledger_entry;

CREATE TRIGGER ledger_entry_is_to_be_rolled_up AFTER INSERT ON ledger_entry FOR EACH ROW
  INSERT INTO ledger_unrolled (request_id) VALUES (NEW.request_id);

-- The hours that roll-ups were built for. An hour is proven while both numbers are the same.
CREATE TABLE rollup_hour (
  hour      DATETIME    NOT NULL PRIMARY KEY,
  changes   BIGINT      NOT NULL COMMENT 'counts the transactions that changed its roll-ups',
  proven    BIGINT      NULL COMMENT 'the number of changes when the rows of the ledger were last summed and compared',
  proven_at DATETIME(6) NULL
);

-- Days whose rows were dropped. Their roll-ups stay, and can be neither proven nor rebuilt.
CREATE TABLE ledger_dropped_day (
  day DATE NOT NULL PRIMARY KEY
);

-- One table for each dimension, all with the same figures. A slot is a UTC hour; it is half or a quarter of one where the
-- organisation's time zone has such an offset, and a whole UTC day where whole_day says so: those rows repeat the shorter ones, for
-- totals of long ranges. What is unknown is left out of a sum, and the count beside the sum says how many are in it.
CREATE TABLE rollup_status (
  organization_id    BIGINT NOT NULL,
  whole_day          BOOLEAN NOT NULL,
  slot               DATETIME NOT NULL,
  status_class       TINYINT NOT NULL COMMENT 'the first digit of the HTTP status; 0 = the client got none',
  requests           BIGINT NOT NULL,
  successes          BIGINT NOT NULL,
  failures           BIGINT NOT NULL,
  usage_known        BIGINT NOT NULL COMMENT 'requests whose input and output tokens are known',
  input_tokens       BIGINT NOT NULL,
  cached_tokens      BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  output_tokens      BIGINT NOT NULL,
  reasoning_tokens   BIGINT NOT NULL,
  cost_known         BIGINT NOT NULL,
  cost_usd           DECIMAL(30, 12) NOT NULL,
  baseline_known     BIGINT NOT NULL,
  baseline_usd       DECIMAL(30, 12) NOT NULL,
  projected_known    BIGINT NOT NULL,
  projected_usd      DECIMAL(30, 12) NOT NULL,
  saving_known       BIGINT NOT NULL,
  saving_usd         DECIMAL(30, 12) NOT NULL,
  latency_known      BIGINT NOT NULL,
  latency_ms         BIGINT NOT NULL,
  latency_0          INT NOT NULL,
  latency_1          INT NOT NULL,
  latency_2          INT NOT NULL,
  latency_3          INT NOT NULL,
  latency_4          INT NOT NULL,
  latency_5          INT NOT NULL,
  latency_6          INT NOT NULL,
  latency_7          INT NOT NULL,
  latency_8          INT NOT NULL,
  latency_9          INT NOT NULL,
  latency_10         INT NOT NULL,
  latency_11         INT NOT NULL,
  latency_12         INT NOT NULL,
  latency_13         INT NOT NULL,
  latency_14         INT NOT NULL,
  latency_15         INT NOT NULL,
  first_token_known  BIGINT NOT NULL,
  first_token_ms     BIGINT NOT NULL,
  first_token_0      INT NOT NULL,
  first_token_1      INT NOT NULL,
  first_token_2      INT NOT NULL,
  first_token_3      INT NOT NULL,
  first_token_4      INT NOT NULL,
  first_token_5      INT NOT NULL,
  first_token_6      INT NOT NULL,
  first_token_7      INT NOT NULL,
  first_token_8      INT NOT NULL,
  first_token_9      INT NOT NULL,
  first_token_10     INT NOT NULL,
  first_token_11     INT NOT NULL,
  first_token_12     INT NOT NULL,
  first_token_13     INT NOT NULL,
  first_token_14     INT NOT NULL,
  first_token_15     INT NOT NULL,
  PRIMARY KEY (organization_id, whole_day, slot, status_class),
  KEY rollup_slot (whole_day, slot)
);

CREATE TABLE rollup_customer LIKE rollup_status;
ALTER TABLE rollup_customer CHANGE COLUMN status_class tag_customer_id BIGINT NOT NULL COMMENT '0 = not attributed';

CREATE TABLE rollup_feature LIKE rollup_status;
ALTER TABLE rollup_feature CHANGE COLUMN status_class tag_feature_id BIGINT NOT NULL COMMENT '0 = not attributed';

CREATE TABLE rollup_key LIKE rollup_status;
ALTER TABLE rollup_key CHANGE COLUMN status_class key_id BIGINT NOT NULL;

CREATE TABLE rollup_provider LIKE rollup_status;
ALTER TABLE rollup_provider CHANGE COLUMN status_class
  provider VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'empty = none was called';

CREATE TABLE rollup_task LIKE rollup_status;
ALTER TABLE rollup_task CHANGE COLUMN status_class
  task VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'empty = not classified';

CREATE TABLE rollup_model LIKE rollup_status;
ALTER TABLE rollup_model
  CHANGE COLUMN status_class model_requested_id INT NOT NULL,
  ADD COLUMN model_used_id INT NOT NULL COMMENT '0 = none' AFTER model_requested_id,
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (organization_id, whole_day, slot, model_requested_id, model_used_id);

DELIMITER //

-- Drops the days that ended longer ago than the longest retention of any organisation, which no caller can shorten, from both
-- tables, and notes them; no day with rows that are in no roll-up yet. This definition replaces the one before.
CREATE OR REPLACE PROCEDURE drop_expired_ledger_days() SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE expired VARCHAR(64);
  DECLARE longest INT;
  DECLARE more BOOLEAN;
  DECLARE target VARCHAR(64);
  DECLARE last_day DATE;
  SELECT COALESCE(MAX(retention_days), 3650) INTO longest FROM organization_settings;
  FOR i IN 1..2 DO
    SET target = ELT(i, 'ledger_entry', 'routing_receipt');
    SET more = TRUE;
    WHILE more DO
      SET expired = (SELECT MIN(partition_name) FROM information_schema.partitions
        WHERE table_schema = DATABASE() AND table_name = target AND partition_name REGEXP '^p[0-9]{8}$'
          AND STR_TO_DATE(SUBSTRING(partition_name, 2), '%Y%m%d') < UTC_DATE() - INTERVAL longest DAY);
      SET last_day = STR_TO_DATE(SUBSTRING(expired, 2), '%Y%m%d');
      IF expired IS NULL OR EXISTS (SELECT 1 FROM ledger_unrolled WHERE request_id < UNHEX(RPAD(
          LPAD(HEX(TIMESTAMPDIFF(SECOND, '1970-01-01', last_day + INTERVAL 1 DAY) * 1000), 12, '0'), 32, '0'))) THEN
        SET more = FALSE;
      ELSE
        INSERT IGNORE INTO ledger_dropped_day (day) VALUES (last_day);
        SET @statement = CONCAT('ALTER TABLE ', target, ' DROP PARTITION ', expired);
        PREPARE reorganize FROM @statement;
        EXECUTE reorganize;
        DEALLOCATE PREPARE reorganize;
      END IF;
    END WHILE;
  END FOR;
END //

DELIMITER ;
