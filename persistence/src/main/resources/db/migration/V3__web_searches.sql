-- Searches that a provider's own tool made are billed by the call, beside the tokens.

ALTER TABLE price_tier
  ADD COLUMN web_search DECIMAL(20, 12) NULL COMMENT 'US dollars per call' AFTER audio_output;

ALTER TABLE ledger_entry
  ADD COLUMN web_searches        BIGINT          NULL COMMENT 'calls, not tokens' AFTER audio_output_tokens,
  ADD COLUMN price_web_search    DECIMAL(20, 12) NULL AFTER price_audio_output,
  ADD COLUMN baseline_web_search DECIMAL(20, 12) NULL AFTER baseline_audio_output,
  ADD CONSTRAINT searches_are_sane CHECK (web_searches BETWEEN 0 AND 1000000000);

-- The request log as people read it, and the only formula of a saving; this definition replaces the one before.
CREATE OR REPLACE VIEW request_log AS
SELECT e.request_id, e.organization_id, e.started_at, e.status, e.error_class,
       asked.name AS model_requested, used.name AS model_used, projected.name AS model_projected,
       e.provider, e.routing, e.mode, e.task, e.score, e.attempts, e.fallback, e.streamed, e.estimated,
       customer.text AS tag_customer, feature.text AS tag_feature, k.public_id AS key_id, k.name AS key_name,
       e.input_tokens, e.cached_tokens, e.cache_write_5m_tokens, e.cache_write_1h_tokens, e.output_tokens,
       e.reasoning_tokens, e.audio_input_tokens, e.audio_output_tokens, e.web_searches, e.service_tier,
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
