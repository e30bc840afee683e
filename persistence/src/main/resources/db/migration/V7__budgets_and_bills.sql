-- Budgets, what providers billed, and what people should look at.

CREATE TABLE budget (
  id              BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT         NOT NULL,
  name            VARCHAR(63)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope           ENUM ('organization', 'key', 'customer_tag') NOT NULL,
  key_id          BIGINT         NULL COMMENT 'of a budget for one key',
  customer_tag    VARCHAR(128)   COLLATE utf8mb4_bin NULL COMMENT 'of a budget for one customer; erased with the organisation',
  unit            ENUM ('usd', 'tokens') NOT NULL,
  amount          DECIMAL(24, 6) NOT NULL,
  calendar_window ENUM ('hour', 'day', 'week', 'month') NOT NULL,
  action          ENUM ('warn', 'refuse') NOT NULL,
  created_at      DATETIME(6)    NOT NULL,
  UNIQUE KEY budget_name (organization_id, name),
  CONSTRAINT budget_of_organization FOREIGN KEY (organization_id) REFERENCES organization (id),
  CONSTRAINT budget_of_key FOREIGN KEY (key_id) REFERENCES gateway_key (id),
  CONSTRAINT budget_amount_is_sane CHECK (amount > 0),
  CONSTRAINT budget_scope_is_whole CHECK ((scope = 'key') = (key_id IS NOT NULL) AND (scope = 'customer_tag') = (customer_tag IS NOT NULL))
);

CREATE TRIGGER budget_bumps_on_insert AFTER INSERT ON budget FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER budget_bumps_on_update AFTER UPDATE ON budget FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;
CREATE TRIGGER budget_bumps_on_delete AFTER DELETE ON budget FOR EACH ROW
  UPDATE snapshot_version SET version = version + 1 WHERE id = 1;

-- What requests that take long hold of their budgets, so that a process that dies does not forget it.
CREATE TABLE budget_reservation (
  request_id BINARY(16)      NOT NULL,
  budget_id  BIGINT          NOT NULL,
  amount     DECIMAL(30, 12) NOT NULL COMMENT 'in the unit of the budget',
  expires_at DATETIME(6)     NOT NULL,
  PRIMARY KEY (request_id, budget_id),
  CONSTRAINT reservation_of_budget FOREIGN KEY (budget_id) REFERENCES budget (id) ON DELETE CASCADE
);

-- What an operator or a customer should look at. Append-only; ids and figures, no names.
CREATE TABLE alert_record (
  id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT       NULL,
  at              DATETIME(6)  NOT NULL,
  kind            VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject         VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail          VARCHAR(500) NOT NULL,
  dedup_key       VARCHAR(300) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'each cause is told once',
  UNIQUE KEY alert_once (dedup_key),
  KEY alert_of_organization (organization_id, id)
);

CREATE TRIGGER alert_record_is_final_on_update BEFORE UPDATE ON alert_record FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'alert_record is append-only';
CREATE TRIGGER alert_record_is_final_on_delete BEFORE DELETE ON alert_record FOR EACH ROW
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'alert_record is append-only';

-- One import of a provider's cost report. Append-only.
CREATE TABLE provider_bill (
  id              BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT      NOT NULL,
  format          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sha256          BINARY(32)  NOT NULL COMMENT 'of the file',
  items           INT         NOT NULL,
  imported_at     DATETIME(6) NOT NULL,
  KEY bill_of_organization (organization_id, id),
  CONSTRAINT bill_of_organization FOREIGN KEY (organization_id) REFERENCES organization (id)
);

-- What a provider billed for a model on a day; a later report of the same day replaces the earlier one.
CREATE TABLE provider_bill_line (
  organization_id BIGINT          NOT NULL,
  provider        VARCHAR(20)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day             DATE            NOT NULL COMMENT 'UTC',
  model           VARCHAR(128)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'without its date; empty = no model was named',
  billed_usd      DECIMAL(20, 12) NOT NULL,
  bill_id         BIGINT          NOT NULL,
  PRIMARY KEY (organization_id, provider, day, model),
  CONSTRAINT line_of_bill FOREIGN KEY (bill_id) REFERENCES provider_bill (id)
);
