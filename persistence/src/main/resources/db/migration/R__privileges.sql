-- What each database user may do. `app` adds to the trail, the ledger and the prices and can take nothing away from them;
-- `report` reads. Neither may create, alter, drop or truncate. Applied again whenever this file changes.

GRANT SELECT, INSERT ON ${flyway:defaultSchema}.* TO ${app_user};
GRANT EXECUTE ON PROCEDURE ${flyway:defaultSchema}.add_ledger_days TO ${app_user};
GRANT EXECUTE ON PROCEDURE ${flyway:defaultSchema}.drop_expired_ledger_days TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.organization TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.organization_settings TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.member TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.portal_session TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.gateway_key TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.provider_credential TO ${app_user};
GRANT UPDATE ON ${flyway:defaultSchema}.admin_sign_in TO ${app_user};
GRANT UPDATE ON ${flyway:defaultSchema}.model TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.routing_cell TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.tag TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.mail_outbox TO ${app_user};
GRANT UPDATE ON ${flyway:defaultSchema}.job TO ${app_user};
GRANT UPDATE ON ${flyway:defaultSchema}.operator_alert TO ${app_user};
GRANT DELETE ON ${flyway:defaultSchema}.ledger_unrolled TO ${app_user};
GRANT UPDATE ON ${flyway:defaultSchema}.rollup_hour TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.rollup_customer TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.rollup_feature TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.rollup_key TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.rollup_model TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.rollup_provider TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.rollup_task TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.rollup_status TO ${app_user};
GRANT UPDATE, DELETE ON ${flyway:defaultSchema}.budget TO ${app_user};
GRANT DELETE ON ${flyway:defaultSchema}.budget_reservation TO ${app_user};
GRANT DELETE ON ${flyway:defaultSchema}.provider_bill_line TO ${app_user};
GRANT UPDATE ON ${flyway:defaultSchema}.snapshot_version TO ${app_user};

GRANT SELECT ON ${flyway:defaultSchema}.* TO ${report_user};
