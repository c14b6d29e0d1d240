-- outside a transaction
CREATE TABLE IF NOT EXISTS "app"."archive" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"member_id" uuid,
	"kind" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"file_id" uuid,
	"bytes" bigint,
	"sha256" text collate "C",
	"stage" text collate "C",
	"done" bigint DEFAULT 0 NOT NULL,
	"total" bigint DEFAULT 0 NOT NULL,
	"summary" jsonb,
	"loading_id" uuid,
	"replaced_id" uuid,
	"cursor" jsonb,
	"error" text collate "C",
	"error_in" text,
	"fetch_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "archive_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "archive_kind" CHECK ("app"."archive"."kind" in ('make', 'load')),
	CONSTRAINT "archive_status" CHECK ("app"."archive"."status" in ('queued', 'running', 'checking', 'checked', 'loading', 'done', 'failed')),
	CONSTRAINT "archive_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "archive_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."import_mapping" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"name" text NOT NULL,
	"object" text collate "C" NOT NULL,
	"shared" boolean DEFAULT false NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "import_mapping_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "import_mapping_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "import_mapping_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."import_set" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"name" text,
	"source" text collate "C" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "import_set_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "import_set_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "import_set_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "app"."export" ADD COLUMN IF NOT EXISTS "reach" jsonb;
--> statement-breakpoint
ALTER TABLE "app"."file" ADD COLUMN IF NOT EXISTS "format" text collate "C" DEFAULT 'text' NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."file" ADD COLUMN IF NOT EXISTS "encoding" text collate "C";
--> statement-breakpoint
ALTER TABLE "app"."file" ADD COLUMN IF NOT EXISTS "state" text collate "C" DEFAULT 'ready' NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."file" ADD COLUMN IF NOT EXISTS "parent_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."file" ADD COLUMN IF NOT EXISTS "part" text;
--> statement-breakpoint
ALTER TABLE "app"."file" ADD COLUMN IF NOT EXISTS "error" jsonb;
--> statement-breakpoint
ALTER TABLE "app"."file" ADD COLUMN IF NOT EXISTS "left_aside" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."import_problem" ADD COLUMN IF NOT EXISTS "record_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."import" ADD COLUMN IF NOT EXISTS "found" jsonb;
--> statement-breakpoint
ALTER TABLE "app"."import" ADD COLUMN IF NOT EXISTS "set_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."import" ADD COLUMN IF NOT EXISTS "reviews" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."external_id" ADD COLUMN IF NOT EXISTS "change_set_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."field_value" DROP CONSTRAINT IF EXISTS "field_value_tenant_id_tenant_id_fk";
--> statement-breakpoint
ALTER TABLE "app"."match_key" DROP CONSTRAINT IF EXISTS "match_key_tenant_id_tenant_id_fk";
--> statement-breakpoint
ALTER TABLE "app"."change" DROP CONSTRAINT IF EXISTS "change_tenant_id_tenant_id_fk";
--> statement-breakpoint
ALTER TABLE "app"."search_key" DROP CONSTRAINT IF EXISTS "search_key_tenant_id_tenant_id_fk";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "archive_tenant_id_member_id_created_at_index" ON "app"."archive" USING btree ("tenant_id","member_id","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "archive_file" ON "app"."archive" USING btree ("tenant_id","file_id") WHERE "app"."archive"."file_id" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "import_mapping_tenant_id_member_id_index" ON "app"."import_mapping" USING btree ("tenant_id","member_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "import_set_tenant_id_member_id_index" ON "app"."import_set" USING btree ("tenant_id","member_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "file_tenant_id_parent_id_index" ON "app"."file" USING btree ("tenant_id","parent_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "import_tenant_id_set_id_index" ON "app"."import" USING btree ("tenant_id","set_id");
