-- outside a transaction
CREATE TABLE IF NOT EXISTS "app"."audit_event" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"member_id" uuid,
	"action" text collate "C" NOT NULL,
	"subject" jsonb,
	"detail" jsonb,
	"channel" text collate "C" NOT NULL,
	"request_id" text collate "C",
	"ip" text collate "C",
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_event_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "audit_event_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."audit_seal" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"seq" integer NOT NULL,
	"sealed_to" timestamp with time zone NOT NULL,
	"entries" integer NOT NULL,
	"hash" text collate "C" NOT NULL,
	"previous" text collate "C",
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_seal_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq"),
	CONSTRAINT "audit_seal_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."failed_job" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"queue" text collate "C" NOT NULL,
	"payload" jsonb NOT NULL,
	"error" text collate "C" NOT NULL,
	"attempts" integer NOT NULL,
	"request_id" text collate "C",
	"member_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"failed_at" timestamp with time zone NOT NULL,
	"replayed_at" timestamp with time zone,
	"dismissed_at" timestamp with time zone,
	CONSTRAINT "failed_job_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "failed_job_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."tenant_secret" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"name" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rotated_at" timestamp with time zone,
	CONSTRAINT "tenant_secret_tenant_id_name_pk" PRIMARY KEY("tenant_id","name"),
	CONSTRAINT "tenant_secret_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "auth"."attempt" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "auth"."device" (
	"hash" text collate "C" NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "device_hash_user_id_pk" PRIMARY KEY("hash","user_id")
);
--> statement-breakpoint
ALTER TABLE "app"."change_set" ADD COLUMN IF NOT EXISTS "ip" text collate "C";
--> statement-breakpoint
ALTER TABLE "app"."change_set" ADD COLUMN IF NOT EXISTS "written_at" timestamp with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."change" ADD COLUMN IF NOT EXISTS "written_at" timestamp with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."tenant_settings" ADD COLUMN IF NOT EXISTS "session_idle_minutes" integer;
--> statement-breakpoint
ALTER TABLE "app"."tenant_settings" ADD COLUMN IF NOT EXISTS "session_days" integer;
--> statement-breakpoint
ALTER TABLE "auth"."token" ADD COLUMN IF NOT EXISTS "subject" text;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_event_tenant_id_at_id_index" ON "app"."audit_event" USING btree ("tenant_id","at","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_event_tenant_id_member_id_at_index" ON "app"."audit_event" USING btree ("tenant_id","member_id","at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "audit_event_tenant_id_written_at_index" ON "app"."audit_event" USING btree ("tenant_id","written_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "failed_job_tenant_id_failed_at_id_index" ON "app"."failed_job" USING btree ("tenant_id","failed_at","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "device_user_id_index" ON "auth"."device" USING btree ("user_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "change_set_tenant_id_written_at_index" ON "app"."change_set" USING btree ("tenant_id","written_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "change_tenant_id_written_at_index" ON "app"."change" USING btree ("tenant_id","written_at");
