CREATE TABLE "app"."audit_event" (
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
	CONSTRAINT "audit_event_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."audit_seal" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"seq" integer NOT NULL,
	"sealed_to" timestamp with time zone NOT NULL,
	"entries" integer NOT NULL,
	"hash" text collate "C" NOT NULL,
	"previous" text collate "C",
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_seal_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq")
);
--> statement-breakpoint
CREATE TABLE "app"."failed_job" (
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
	CONSTRAINT "failed_job_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."tenant_secret" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"name" text collate "C" NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rotated_at" timestamp with time zone,
	CONSTRAINT "tenant_secret_tenant_id_name_pk" PRIMARY KEY("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "auth"."attempt" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth"."device" (
	"hash" text collate "C" NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "device_hash_user_id_pk" PRIMARY KEY("hash","user_id")
);
--> statement-breakpoint
ALTER TABLE "app"."change_set" ADD COLUMN "ip" text collate "C";--> statement-breakpoint
ALTER TABLE "app"."change_set" ADD COLUMN "written_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."change" ADD COLUMN "written_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "app"."tenant_settings" ADD COLUMN "session_idle_minutes" integer;--> statement-breakpoint
ALTER TABLE "app"."tenant_settings" ADD COLUMN "session_days" integer;--> statement-breakpoint
ALTER TABLE "auth"."token" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "app"."audit_event" ADD CONSTRAINT "audit_event_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."audit_seal" ADD CONSTRAINT "audit_seal_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."failed_job" ADD CONSTRAINT "failed_job_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."tenant_secret" ADD CONSTRAINT "tenant_secret_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_event_tenant_id_at_id_index" ON "app"."audit_event" USING btree ("tenant_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_event_tenant_id_member_id_at_index" ON "app"."audit_event" USING btree ("tenant_id","member_id","at");--> statement-breakpoint
CREATE INDEX "audit_event_written_at_index" ON "app"."audit_event" USING brin ("written_at");--> statement-breakpoint
CREATE INDEX "failed_job_tenant_id_failed_at_id_index" ON "app"."failed_job" USING btree ("tenant_id","failed_at","id");--> statement-breakpoint
CREATE INDEX "device_user_id_index" ON "auth"."device" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "change_set_written_at_index" ON "app"."change_set" USING brin ("written_at");--> statement-breakpoint
CREATE INDEX "change_written_at_index" ON "app"."change" USING brin ("written_at");