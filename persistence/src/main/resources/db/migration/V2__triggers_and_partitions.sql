-- The second layer under the privileges: rows of the trail and the ledger refuse to change whoever asks.

CREATE TRIGGER audit_record_is_final_on_update BEFORE UPDATE ON audit_record FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_record is append-only';
CREATE TRIGGER audit_record_is_final_on_delete BEFORE DELETE ON audit_record FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit_record is append-only';
CREATE TRIGGER ledger_entry_is_final_on_update BEFORE UPDATE ON ledger_entry FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_entry is append-only';
CREATE TRIGGER ledger_entry_is_final_on_delete BEFORE DELETE ON ledger_entry FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ledger_entry is append-only';

DELIMITER //

-- A subscription begins in observation, and its status changes only together with the audit record of that very change.
CREATE TRIGGER organization_starts_observing BEFORE INSERT ON organization FOR EACH ROW
BEGIN
  IF NEW.status <> 'OBSERVING' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'an organization starts in OBSERVING';
  END IF;
END //

CREATE TRIGGER organization_status_is_audited BEFORE UPDATE ON organization FOR EACH ROW
BEGIN
  DECLARE who VARCHAR(20) DEFAULT NULL;
  IF NEW.status <> OLD.status THEN
    IF NEW.last_audit_id IS NULL OR NEW.last_audit_id <= COALESCE(OLD.last_audit_id, 0) THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a status change needs a new audit record';
    END IF;
    SELECT a.actor_type INTO who FROM audit_record a
      WHERE a.id = NEW.last_audit_id AND a.organization_id = NEW.id AND a.outcome = 'done'
        AND a.old_status = OLD.status AND a.new_status = NEW.status;
    IF who IS NULL THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit record does not describe this status change';
    END IF;
    IF NEW.status = 'BLOCKED' AND who <> 'OPERATOR' THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'only an operator may block';
    END IF;
  ELSEIF NOT (NEW.last_audit_id <=> OLD.last_audit_id) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'last_audit_id belongs to a status change';
  END IF;
END //

-- Splits the days from today to `days_ahead` off the last partition. UUIDv7 begins with 48 bits of Unix milliseconds.
CREATE PROCEDURE add_ledger_days(IN days_ahead INT) SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE day DATE DEFAULT UTC_DATE();
  DECLARE known INT;
  DECLARE bound CHAR(12);
  IF days_ahead NOT BETWEEN 0 AND 60 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'days_ahead must be between 0 and 60';
  END IF;
  WHILE day <= UTC_DATE() + INTERVAL days_ahead DAY DO
    SELECT COUNT(*) INTO known FROM information_schema.partitions
      WHERE table_schema = DATABASE() AND table_name = 'ledger_entry'
        AND partition_name = CONCAT('p', DATE_FORMAT(day, '%Y%m%d'));
    IF known = 0 THEN
      SET bound = LPAD(HEX(TIMESTAMPDIFF(SECOND, '1970-01-01', day + INTERVAL 1 DAY) * 1000), 12, '0');
      SET @statement = CONCAT('ALTER TABLE ledger_entry REORGANIZE PARTITION pmax INTO (PARTITION p',
        DATE_FORMAT(day, '%Y%m%d'), ' VALUES LESS THAN (x''', bound, '00000000000000000000''), ',
        'PARTITION pmax VALUES LESS THAN (MAXVALUE))');
      PREPARE reorganize FROM @statement;
      EXECUTE reorganize;
      DEALLOCATE PREPARE reorganize;
    END IF;
    SET day = day + INTERVAL 1 DAY;
  END WHILE;
END //

-- Drops the days that ended longer ago than the longest retention of any organisation, which no caller can shorten.
CREATE PROCEDURE drop_expired_ledger_days() SQL SECURITY DEFINER MODIFIES SQL DATA
BEGIN
  DECLARE expired VARCHAR(64);
  DECLARE longest INT;
  DECLARE more BOOLEAN DEFAULT TRUE;
  SELECT COALESCE(MAX(retention_days), 3650) INTO longest FROM organization_settings;
  WHILE more DO
    SET expired = (SELECT MIN(partition_name) FROM information_schema.partitions
      WHERE table_schema = DATABASE() AND table_name = 'ledger_entry' AND partition_name REGEXP '^p[0-9]{8}$'
        AND STR_TO_DATE(SUBSTRING(partition_name, 2), '%Y%m%d') < UTC_DATE() - INTERVAL longest DAY);
    IF expired IS NULL THEN
      SET more = FALSE;
    ELSE
      SET @statement = CONCAT('ALTER TABLE ledger_entry DROP PARTITION ', expired);
      PREPARE reorganize FROM @statement;
      EXECUTE reorganize;
      DEALLOCATE PREPARE reorganize;
    END IF;
  END WHILE;
END //

DELIMITER ;

-- Every change of what the gateway holds in memory raises its version.
CREATE TRIGGER organization_bumps_on_insert AFTER INSERT ON organization FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER organization_bumps_on_update AFTER UPDATE ON organization FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER organization_settings_bumps_on_insert AFTER INSERT ON organization_settings FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER organization_settings_bumps_on_update AFTER UPDATE ON organization_settings FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER gateway_key_bumps_on_insert AFTER INSERT ON gateway_key FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER gateway_key_bumps_on_update AFTER UPDATE ON gateway_key FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER gateway_key_bumps_on_delete AFTER DELETE ON gateway_key FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER provider_credential_bumps_on_insert AFTER INSERT ON provider_credential FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER provider_credential_bumps_on_update AFTER UPDATE ON provider_credential FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER provider_credential_bumps_on_delete AFTER DELETE ON provider_credential FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER model_bumps_on_insert AFTER INSERT ON model FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER model_bumps_on_update AFTER UPDATE ON model FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER model_bumps_on_delete AFTER DELETE ON model FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER price_tier_bumps_on_insert AFTER INSERT ON price_tier FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
