-- The schema of SmashCost. Run by the `migrate` user only; the application checks it at start and changes nothing.
-- Times are UTC. Money is DECIMAL(20,12) US dollars. Unknown is NULL, never 0.

-- organisations and their people -------------------------------------------------------------------------------------

CREATE TABLE organization (
  id                     BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  slug                   VARCHAR(63)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name                   VARCHAR(200) NOT NULL,
  status                 ENUM ('OBSERVING', 'AWAITING_DECISION', 'ACTIVE', 'PAST_DUE', 'CANCELED', 'BLOCKED', 'DELETED') NOT NULL,
  last_audit_id          BIGINT       NULL COMMENT 'the audit record of the latest status change',
  observation_started_at DATETIME(6)  NOT NULL,
  created_at             DATETIME(6)  NOT NULL,
  UNIQUE KEY organization_slug (slug)
);

CREATE TABLE organization_settings (
  organization_id     BIGINT         NOT NULL PRIMARY KEY,
  requests_per_minute INT            NOT NULL DEFAULT 0 COMMENT '0 = no limit',
  routing_mode        VARCHAR(10)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'balanced',
  default_model       VARCHAR(128)   CHARACTER SET ascii COLLATE ascii_bin NULL,
  time_zone           VARCHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'UTC',
  retention_days      INT            NOT NULL DEFAULT 400,
  observation_days    INT            NOT NULL DEFAULT 30,
  alert_threshold_usd DECIMAL(20, 6) NOT NULL DEFAULT 0 COMMENT '0 = off',
  CONSTRAINT settings_of_organization FOREIGN KEY (organization_id) REFERENCES organization (id),
  CONSTRAINT requests_per_minute_is_sane CHECK (requests_per_minute BETWEEN 0 AND 1000000),
  CONSTRAINT routing_mode_is_known CHECK (routing_mode IN ('off', 'quality', 'balanced', 'savings')),
  CONSTRAINT retention_is_sane CHECK (retention_days BETWEEN 1 AND 3650),
  CONSTRAINT observation_is_sane CHECK (observation_days BETWEEN 1 AND 365),
  CONSTRAINT alert_threshold_is_sane CHECK (alert_threshold_usd >= 0)
);

CREATE TABLE member (
  id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT       NOT NULL,
  email           VARCHAR(254) NOT NULL,
  password_hash   VARCHAR(72)  CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'bcrypt; NULL until the first password is set',
  role            ENUM ('owner', 'admin', 'viewer') NOT NULL,
  created_at      DATETIME(6)  NOT NULL,
  UNIQUE KEY member_email (email),
  KEY member_of_organization (organization_id),
  CONSTRAINT member_of_organization FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE portal_session (
  id         BINARY(32)  NOT NULL PRIMARY KEY COMMENT 'SHA-256 of the session id in the cookie',
  member_id  BIGINT      NOT NULL,
  created_at DATETIME(6) NOT NULL,
  seen_at    DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  ended_at   DATETIME(6) NULL,
  KEY session_of_member (member_id),
  KEY session_expiry (expires_at),
  CONSTRAINT session_of_member FOREIGN KEY (member_id) REFERENCES member (id)
);

-- what opens doors ----------------------------------------------------------------------------------------------------

CREATE TABLE gateway_key (
  id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT       NOT NULL,
  public_id       CHAR(8)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name            VARCHAR(100) NOT NULL,
  hash            BINARY(32)   NOT NULL COMMENT 'HMAC-SHA256 of the whole key under the installation''s pepper',
  created_at      DATETIME(6)  NOT NULL,
  revoked_at      DATETIME(6)  NULL,
  UNIQUE KEY gateway_key_public_id (public_id),
  KEY key_of_organization (organization_id),
  CONSTRAINT key_of_organization FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE provider_credential (
  id              BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT         NOT NULL,
  provider        VARCHAR(20)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  origin          VARCHAR(255)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'where the credential may be sent',
  version         INT            NOT NULL,
  envelope        VARBINARY(1024) NOT NULL,
  last_four       VARCHAR(4)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fingerprint     CHAR(16)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  updated_at      DATETIME(6)    NOT NULL,
  UNIQUE KEY credential_of_organization (organization_id, provider),
  CONSTRAINT credential_of_organization FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE master_key_check (
  key_id      VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  check_value BINARY(8)   NOT NULL COMMENT 'first bytes of HMAC-SHA256(key, "kcv")',
  first_seen  DATETIME(6) NOT NULL
);

-- secrets of the installation itself (the keys' pepper, the admin tokens' signing key), encrypted like credentials
CREATE TABLE installation_secret (
  name     VARCHAR(16)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  envelope VARBINARY(1024) NOT NULL
);

CREATE TABLE admin_sign_in (
  operator     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  last_step    BIGINT      NOT NULL DEFAULT 0 COMMENT 'the newest TOTP step that was used; a step is good once',
  failures     INT         NOT NULL DEFAULT 0,
  locked_until DATETIME(6) NULL
);

-- models and their prices ---------------------------------------------------------------------------------------------

CREATE TABLE model (
  id                BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name              VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  provider          VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mode              VARCHAR(12)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  context_window    BIGINT       NULL COMMENT 'tokens',
  max_output_tokens BIGINT       NULL,
  capabilities      JSON         NOT NULL COMMENT 'an object of booleans',
  deprecated_on     DATE         NULL,
  enabled           BOOLEAN      NOT NULL DEFAULT TRUE,
  UNIQUE KEY model_name (name)
);

CREATE TABLE price_version (
  id         BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  model_id   BIGINT       NOT NULL,
  valid_from DATETIME(6)  NOT NULL,
  source     VARCHAR(255) NOT NULL,
  created_at DATETIME(6)  NOT NULL,
  UNIQUE KEY price_version_start (model_id, valid_from),
  CONSTRAINT price_of_model FOREIGN KEY (model_id) REFERENCES model (id)
);

CREATE TABLE price_tier (
  price_version_id    BIGINT          NOT NULL,
  service_tier        VARCHAR(16)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  prompt_tokens_above BIGINT          NOT NULL COMMENT 'the tier prices the whole request once its prompt is larger',
  input               DECIMAL(20, 12) NULL COMMENT 'US dollars per token, as all that follow',
  cached_input        DECIMAL(20, 12) NULL,
  cache_write_5m      DECIMAL(20, 12) NULL,
  cache_write_1h      DECIMAL(20, 12) NULL,
  output              DECIMAL(20, 12) NULL,
  reasoning_output    DECIMAL(20, 12) NULL,
  audio_input         DECIMAL(20, 12) NULL,
  audio_output        DECIMAL(20, 12) NULL,
  PRIMARY KEY (price_version_id, service_tier, prompt_tokens_above),
  CONSTRAINT tier_of_version FOREIGN KEY (price_version_id) REFERENCES price_version (id)
);

-- the ledger ----------------------------------------------------------------------------------------------------------

-- the erasable texts behind the ledger's tag ids
CREATE TABLE tag (
  id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT       NOT NULL,
  kind            ENUM ('customer', 'feature') NOT NULL,
  text            VARCHAR(128) COLLATE utf8mb4_bin NOT NULL,
  UNIQUE KEY tag_text (organization_id, kind, text)
);

-- model names as clients wrote them, catalogued or not
CREATE TABLE model_name (
  id   INT          NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  UNIQUE KEY model_name_text (name)
);

-- One row for each accepted request, never changed. The id is a UUIDv7, so its order is the order of time and a day is a
-- range of ids: paging, pruning and dropping old days all come from the one column. Partitioned tables have no foreign keys.
CREATE TABLE ledger_entry (
  request_id                BINARY(16)      NOT NULL PRIMARY KEY,
  organization_id           BIGINT          NOT NULL,
  key_id                    BIGINT          NOT NULL,
  started_at                DATETIME(6)     NOT NULL,
  status                    SMALLINT        NULL COMMENT 'HTTP status that the client got; NULL when it got none',
  error_class               VARCHAR(40)     CHARACTER SET ascii COLLATE ascii_bin NULL,
  model_requested_id        INT             NOT NULL,
  model_used_id             INT             NULL,
  model_projected_id        INT             NULL COMMENT 'what the router would have used',
  provider                  VARCHAR(20)     CHARACTER SET ascii COLLATE ascii_bin NULL,
  routing                   ENUM ('classifier', 'session_cache', 'override', 'passthrough') NOT NULL,
  mode                      ENUM ('observation', 'active') NOT NULL,
  task                      VARCHAR(24)     CHARACTER SET ascii COLLATE ascii_bin NULL,
  score                     DECIMAL(6, 5)   NULL,
  attempts                  TINYINT         NOT NULL,
  fallback                  BOOLEAN         NOT NULL,
  streamed                  BOOLEAN         NOT NULL,
  estimated                 BOOLEAN         NOT NULL COMMENT 'usage is our estimate, not the provider''s count',
  tag_customer_id           BIGINT          NULL,
  tag_feature_id            BIGINT          NULL,
  latency_ms                INT             NULL,
  first_token_ms            INT             NULL,
  input_tokens              BIGINT          NULL COMMENT 'the buckets are disjoint',
  cached_tokens             BIGINT          NULL,
  cache_write_5m_tokens     BIGINT          NULL,
  cache_write_1h_tokens     BIGINT          NULL,
  output_tokens             BIGINT          NULL,
  reasoning_tokens          BIGINT          NULL,
  audio_input_tokens        BIGINT          NULL,
  audio_output_tokens       BIGINT          NULL,
  service_tier              VARCHAR(16)     CHARACTER SET ascii COLLATE ascii_bin NULL,
  price_version_id          BIGINT          NULL COMMENT 'prices of the used model, frozen',
  price_input               DECIMAL(20, 12) NULL,
  price_cached_input        DECIMAL(20, 12) NULL,
  price_cache_write_5m      DECIMAL(20, 12) NULL,
  price_cache_write_1h      DECIMAL(20, 12) NULL,
  price_output              DECIMAL(20, 12) NULL,
  price_reasoning_output    DECIMAL(20, 12) NULL,
  price_audio_input         DECIMAL(20, 12) NULL,
  price_audio_output        DECIMAL(20, 12) NULL,
  baseline_price_version_id BIGINT          NULL COMMENT 'prices of the baseline model, frozen',
  baseline_input            DECIMAL(20, 12) NULL,
  baseline_cached_input     DECIMAL(20, 12) NULL,
  baseline_cache_write_5m   DECIMAL(20, 12) NULL,
  baseline_cache_write_1h   DECIMAL(20, 12) NULL,
  baseline_output           DECIMAL(20, 12) NULL,
  baseline_reasoning_output DECIMAL(20, 12) NULL,
  baseline_audio_input      DECIMAL(20, 12) NULL,
  baseline_audio_output     DECIMAL(20, 12) NULL,
  cost_usd                  DECIMAL(20, 12) NULL,
  baseline_usd              DECIMAL(20, 12) NULL,
  projected_usd             DECIMAL(20, 12) NULL,
  KEY ledger_of_organization (organization_id, request_id),
  KEY ledger_of_key (key_id, request_id),
  CONSTRAINT tokens_are_sane CHECK (
    input_tokens BETWEEN 0 AND 1000000000 AND cached_tokens BETWEEN 0 AND 1000000000
    AND cache_write_5m_tokens BETWEEN 0 AND 1000000000 AND cache_write_1h_tokens BETWEEN 0 AND 1000000000
    AND output_tokens BETWEEN 0 AND 1000000000 AND reasoning_tokens BETWEEN 0 AND 1000000000
    AND audio_input_tokens BETWEEN 0 AND 1000000000 AND audio_output_tokens BETWEEN 0 AND 1000000000)
) PARTITION BY RANGE COLUMNS (request_id) (PARTITION pmax VALUES LESS THAN (MAXVALUE));

-- The request log as people read it, and the only formula of a saving.
CREATE VIEW request_log AS
SELECT e.request_id, e.organization_id, e.started_at, e.status, e.error_class,
       asked.name AS model_requested, used.name AS model_used, projected.name AS model_projected,
       e.provider, e.routing, e.mode, e.task, e.score, e.attempts, e.fallback, e.streamed, e.estimated,
       customer.text AS tag_customer, feature.text AS tag_feature, k.public_id AS key_id, k.name AS key_name,
       e.input_tokens, e.cached_tokens, e.cache_write_5m_tokens, e.cache_write_1h_tokens, e.output_tokens,
       e.reasoning_tokens, e.audio_input_tokens, e.audio_output_tokens, e.service_tier,
       e.price_version_id, e.baseline_price_version_id, e.cost_usd, e.baseline_usd, e.projected_usd,
       CASE WHEN e.mode = 'active' AND e.routing IN ('classifier', 'session_cache')
                 AND e.status BETWEEN 200 AND 299 AND e.error_class IS NULL AND NOT e.fallback
            THEN e.baseline_usd - e.cost_usd END AS saving_usd,
       e.latency_ms, e.first_token_ms
FROM ledger_entry e
  JOIN model_name asked ON asked.id = e.model_requested_id
  LEFT JOIN model_name used ON used.id = e.model_used_id
  LEFT JOIN model_name projected ON projected.id = e.model_projected_id
  LEFT JOIN tag customer ON customer.id = e.tag_customer_id
  LEFT JOIN tag feature ON feature.id = e.tag_feature_id
  LEFT JOIN gateway_key k ON k.id = e.key_id;

-- the trail, the post, the timers ---------------------------------------------------------------------------------------

-- Append-only. Ids stay when people are erased, so there is no foreign key to delete through and no name in it.
CREATE TABLE audit_record (
  id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT       NULL,
  at              DATETIME(6)  NOT NULL,
  actor_type      ENUM ('OPERATOR', 'BILLING', 'FUNNEL', 'MEMBER', 'SYSTEM') NOT NULL,
  actor           VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'an opaque id, never a name',
  action          VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject         VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'what it was done to, an id',
  outcome         ENUM ('done', 'refused') NOT NULL,
  old_status      VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  new_status      VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  reason          VARCHAR(500) NULL,
  KEY audit_of_organization (organization_id, id)
);

CREATE TABLE mail_outbox (
  id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  organization_id BIGINT       NULL,
  dedup_key       VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'each effect is mailed once',
  recipient       VARCHAR(254) NOT NULL,
  subject         VARCHAR(200) NOT NULL,
  body_text       TEXT         NOT NULL,
  body_html       TEXT         NULL,
  created_at      DATETIME(6)  NOT NULL,
  due_at          DATETIME(6)  NOT NULL,
  attempts        INT          NOT NULL DEFAULT 0,
  sent_at         DATETIME(6)  NULL,
  error_class     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NULL,
  UNIQUE KEY mail_once (dedup_key),
  KEY mail_due (sent_at, due_at)
);

CREATE TABLE job_lease (
  job           VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  holder        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  fencing_token BIGINT      NOT NULL DEFAULT 0,
  expires_at    DATETIME(6) NULL
);

-- Counts every change of what the gateway holds in memory; the triggers below raise it, so that no writer can forget to.
CREATE TABLE snapshot_version (
  id      TINYINT NOT NULL PRIMARY KEY,
  version BIGINT  NOT NULL
);
INSERT INTO snapshot_version (id, version) VALUES (1, 1);
