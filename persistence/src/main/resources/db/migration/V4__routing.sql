-- What the router needs to know, and what it leaves behind.

ALTER TABLE model
  ADD COLUMN tier ENUM ('small', 'medium', 'large', 'frontier') NULL COMMENT 'how good it is; NULL = the router leaves it alone',
  ADD COLUMN rated BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'whether somebody has said; then NULL is an answer too';

ALTER TABLE organization_settings
  ADD COLUMN allowed_models JSON NULL COMMENT 'names, or beginnings of names and *; NULL = all',
  ADD COLUMN denied_models  JSON NULL COMMENT 'the same; what is in both is denied';

ALTER TABLE ledger_entry
  ADD COLUMN lost_cache_tokens BIGINT NULL COMMENT 'what the baseline model''s prompt cache held and the used one''s did not',
  ADD CONSTRAINT lost_cache_is_sane CHECK (lost_cache_tokens BETWEEN 0 AND 1000000000);

-- a change of settings names all that changed
ALTER TABLE audit_record MODIFY COLUMN reason VARCHAR(2000) NULL;

-- The numbers behind one routing decision, beside the row of the ledger: no word of what was said, no hash of one. Never changed.
CREATE TABLE routing_receipt (
  request_id      BINARY(16)      NOT NULL PRIMARY KEY,
  organization_id BIGINT          NOT NULL,
  classifier      VARCHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  policy          VARCHAR(10)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the routing mode that was applied, or would have been',
  familiar        BOOLEAN         NOT NULL,
  needs           INT             NOT NULL COMMENT 'what a model must be able to do, in bits',
  prompt_tokens   BIGINT          NOT NULL COMMENT 'estimated before the call, as are output_tokens',
  output_tokens   BIGINT          NOT NULL,
  right_small     DECIMAL(5, 4)   NULL COMMENT 'the probability that a model of this tier answers well',
  right_medium    DECIMAL(5, 4)   NULL,
  right_large     DECIMAL(5, 4)   NULL,
  right_frontier  DECIMAL(5, 4)   NULL,
  kept_small      DECIMAL(5, 4)   NULL COMMENT 'the share of the requested model''s quality that a model of this tier keeps',
  kept_medium     DECIMAL(5, 4)   NULL,
  kept_large      DECIMAL(5, 4)   NULL,
  kept_frontier   DECIMAL(5, 4)   NULL,
  retention       DECIMAL(5, 4)   NOT NULL COMMENT 'that share for the model that was used, or would have been',
  candidates      VARBINARY(4096) NOT NULL COMMENT 'pairs of a model id, as an unsigned LEB128, and a byte with the verdict',
  KEY receipt_of_organization (organization_id, request_id)
) PARTITION BY RANGE COLUMNS (request_id) (PARTITION pmax VALUES LESS THAN (MAXVALUE));

CREATE TRIGGER routing_receipt_is_final_on_update BEFORE UPDATE ON routing_receipt FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'routing_receipt is append-only';
CREATE TRIGGER routing_receipt_is_final_on_delete BEFORE DELETE ON routing_receipt FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'routing_receipt is append-only';

-- How often a model answered well in one kind of request: counters that fade with age, nothing of any single request.
CREATE TABLE routing_cell (
  organization_id BIGINT      NOT NULL,
  task            VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  difficulty      TINYINT     NOT NULL COMMENT '0 = easiest',
  model_id        BIGINT      NOT NULL,
  attempts        DOUBLE      NOT NULL COMMENT 'as of updated_at, as is good',
  good            DOUBLE      NOT NULL,
  updated_at      DATETIME(6) NOT NULL,
  PRIMARY KEY (organization_id, task, difficulty, model_id),
  CONSTRAINT cell_of_organization FOREIGN KEY (organization_id) REFERENCES organization (id),
  CONSTRAINT cell_of_model FOREIGN KEY (model_id) REFERENCES model (id),
  CONSTRAINT difficulty_is_known CHECK (difficulty BETWEEN 0 AND 4),
  CONSTRAINT outcomes_are_sane CHECK (good >= 0 AND attempts >= good)
);

-- The request log as people read it, and the only formula of a saving; this definition replaces the one before.
CREATE OR REPLACE VIEW request_log AS
SELECT e.request_id, e.organization_id, e.started_at, e.status, e.error_class,
       asked.name AS model_requested, used.name AS model_used, projected.name AS model_projected,
       e.provider, e.routing, e.mode, e.task, e.score, r.retention, e.attempts, e.fallback, e.streamed, e.estimated,
       customer.text AS tag_customer, feature.text AS tag_feature, k.public_id AS key_id, k.name AS key_name,
       e.input_tokens, e.cached_tokens, e.cache_write_5m_tokens, e.cache_write_1h_tokens, e.output_tokens,
       e.reasoning_tokens, e.audio_input_tokens, e.audio_output_tokens, e.web_searches, e.service_tier,
       e.price_version_id, e.baseline_price_version_id, e.cost_usd, e.baseline_usd, e.projected_usd,
       e.lost_cache_tokens,
       COALESCE(e.lost_cache_tokens * (e.baseline_input - e.baseline_cached_input), 0) AS lost_cache_usd,
       CASE WHEN e.mode = 'active' AND e.routing IN ('classifier', 'session_cache')
                 AND e.status BETWEEN 200 AND 299 AND e.error_class IS NULL AND NOT e.fallback
            THEN e.baseline_usd - e.cost_usd
                 - COALESCE(e.lost_cache_tokens * (e.baseline_input - e.baseline_cached_input), 0) END AS saving_usd,
       e.latency_ms, e.first_token_ms
FROM ledger_entry e
  JOIN model_name asked ON asked.id = e.model_requested_id
  LEFT JOIN model_name used ON used.id = e.model_used_id
  LEFT JOIN model_name projected ON projected.id = e.model_projected_id
  LEFT JOIN routing_receipt r ON r.request_id = e.request_id
  LEFT JOIN tag customer ON customer.id = e.tag_customer_id
  LEFT JOIN tag feature ON feature.id = e.tag_feature_id
  LEFT JOIN gateway_key k ON k.id = e.key_id;

DELIMITER //

-- Splits the days from today to `days_ahead` off the last partition of both tables whose ids are those of requests. UUIDv7
-- begins with 48 bits of Unix milliseconds. This definition replaces the one before.
CREATE OR REPLACE PROCEDURE add_ledger_days(IN days_ahead INT) SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE day DATE DEFAULT UTC_DATE();
  DECLARE known INT;
  DECLARE bound CHAR(12);
  DECLARE target VARCHAR(64);
  IF days_ahead NOT BETWEEN 0 AND 60 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'days_ahead must be between 0 and 60';
  END IF;
  WHILE day <= UTC_DATE() + INTERVAL days_ahead DAY DO
    FOR i IN 1..2 DO
      SET target = ELT(i, 'ledger_entry', 'routing_receipt');
      SELECT COUNT(*) INTO known FROM information_schema.partitions
        WHERE table_schema = DATABASE() AND table_name = target
          AND partition_name = CONCAT('p', DATE_FORMAT(day, '%Y%m%d'));
      IF known = 0 THEN
        SET bound = LPAD(HEX(TIMESTAMPDIFF(SECOND, '1970-01-01', day + INTERVAL 1 DAY) * 1000), 12, '0');
        SET @statement = CONCAT('ALTER TABLE ', target, ' REORGANIZE PARTITION pmax INTO (PARTITION p',
          DATE_FORMAT(day, '%Y%m%d'), ' VALUES LESS THAN (x''', bound, '00000000000000000000''), ',
          'PARTITION pmax VALUES LESS THAN (MAXVALUE))');
        PREPARE reorganize FROM @statement;
        EXECUTE reorganize;
        DEALLOCATE PREPARE reorganize;
      END IF;
    END FOR;
    SET day = day + INTERVAL 1 DAY;
  END WHILE;
END //

-- Drops the days that ended longer ago than the longest retention of any organisation, which no caller can shorten, from both
-- tables. This definition replaces the one before.
CREATE OR REPLACE PROCEDURE drop_expired_ledger_days() SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE expired VARCHAR(64);
  DECLARE longest INT;
  DECLARE more BOOLEAN;
  DECLARE target VARCHAR(64);
  SELECT COALESCE(MAX(retention_days), 3650) INTO longest FROM organization_settings;
  FOR i IN 1..2 DO
    SET target = ELT(i, 'ledger_entry', 'routing_receipt');
    SET more = TRUE;
    WHILE more DO
      SET expired = (SELECT MIN(partition_name) FROM information_schema.partitions
        WHERE table_schema = DATABASE() AND table_name = target AND partition_name REGEXP '^p[0-9]{8}$'
          AND STR_TO_DATE(SUBSTRING(partition_name, 2), '%Y%m%d') < UTC_DATE() - INTERVAL longest DAY);
      IF expired IS NULL THEN
        SET more = FALSE;
      ELSE
        SET @statement = CONCAT('ALTER TABLE ', target, ' DROP PARTITION ', expired);
        PREPARE reorganize FROM @statement;
        EXECUTE reorganize;
        DEALLOCATE PREPARE reorganize;
      END IF;
    END WHILE;
  END FOR;
END //

DELIMITER ;
