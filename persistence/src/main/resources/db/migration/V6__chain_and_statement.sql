-- What makes the ledger and the trail evident: chained digests whose heads are signed.

-- When the database took the row in, by its own clock, which says what a digest has covered; NULL in rows from before this column.
ALTER TABLE ledger_entry ADD COLUMN recorded_at DATETIME(6) NULL COMMENT 'UTC';
ALTER TABLE ledger_entry ALTER COLUMN recorded_at SET DEFAULT (UTC_TIMESTAMP(6));
ALTER TABLE audit_record ADD COLUMN recorded_at DATETIME(6) NULL COMMENT 'UTC';
ALTER TABLE audit_record ALTER COLUMN recorded_at SET DEFAULT (UTC_TIMESTAMP(6));

-- One record for each organisation and UTC day, and one more for rows that came after their day's digest. Never changed.
-- docs/statement.md defines every byte that is hashed and signed.
CREATE TABLE chain_record (
  trail           ENUM ('ledger', 'audit') NOT NULL,
  organization_id BIGINT      NOT NULL COMMENT '0 = audit records of the installation itself',
  sequence        INT         NOT NULL COMMENT 'from 1, without gaps',
  day             DATE        NOT NULL COMMENT 'UTC',
  supplement      INT         NOT NULL COMMENT '0 = the day itself; from 1 on = what came after its digest',
  row_count       BIGINT      NOT NULL,
  recorded_before DATETIME(6) NOT NULL COMMENT 'covers what was recorded until then and is in no earlier record of the day',
  rows_sha256     BINARY(32)  NOT NULL,
  previous_head   BINARY(32)  NOT NULL COMMENT 'zeros in the first record',
  head            BINARY(32)  NOT NULL COMMENT 'SHA-256 over all of the above',
  signature       BINARY(64)  NOT NULL COMMENT 'Ed25519 over the head',
  PRIMARY KEY (trail, organization_id, sequence),
  UNIQUE KEY chain_record_of_day (trail, organization_id, day, supplement)
);

CREATE TRIGGER chain_record_is_final_on_update BEFORE UPDATE ON chain_record FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'chain_record is append-only';
CREATE TRIGGER chain_record_is_final_on_delete BEFORE DELETE ON chain_record FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'chain_record is append-only';
