-- outside a transaction
CREATE TABLE IF NOT EXISTS "app"."custom_field" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"type" text collate "C" NOT NULL,
	"label" jsonb NOT NULL,
	"help" jsonb,
	"required" boolean DEFAULT false NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"position" double precision NOT NULL,
	CONSTRAINT "custom_field_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "custom_field_tenant_id_object_key_unique" UNIQUE("tenant_id","object","key"),
	CONSTRAINT "custom_field_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."custom_object" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"key" text collate "C" NOT NULL,
	"label" jsonb NOT NULL,
	"description" jsonb,
	"title_label" jsonb,
	"icon" text collate "C" NOT NULL,
	"tone" text collate "C" NOT NULL,
	"rights" jsonb NOT NULL,
	"position" double precision NOT NULL,
	CONSTRAINT "custom_object_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "custom_object_tenant_id_key_unique" UNIQUE("tenant_id","key"),
	CONSTRAINT "custom_object_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."custom_record" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"name_key" text collate "C" NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"owner_id" uuid,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "custom_record_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "custom_record_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "custom_record_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."field_value" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"field_id" uuid NOT NULL,
	"record_id" uuid NOT NULL,
	"n" integer DEFAULT 0 NOT NULL,
	"text" text collate "C",
	"sort" text collate "C",
	"number" double precision,
	"time" timestamp with time zone,
	"ref" uuid,
	"single" boolean DEFAULT false NOT NULL,
	CONSTRAINT "field_value_tenant_id_field_id_record_id_n_pk" PRIMARY KEY("tenant_id","field_id","record_id","n"),
	CONSTRAINT "field_value_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."relation_link" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"field_id" uuid NOT NULL,
	"from_id" uuid NOT NULL,
	"to_id" uuid NOT NULL,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"position" double precision DEFAULT 0 NOT NULL,
	CONSTRAINT "relation_link_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "relation_link_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."attachment" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"field" text collate "C",
	"file_id" uuid NOT NULL,
	"name" text NOT NULL,
	"media_type" text collate "C" NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"width" integer,
	"height" integer,
	"owner_id" uuid,
	CONSTRAINT "attachment_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "attachment_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "attachment_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."comment" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"reply_to" uuid,
	"body" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"mentions" uuid[] DEFAULT '{}' NOT NULL,
	"edited_at" timestamp with time zone,
	CONSTRAINT "comment_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "comment_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "comment_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id"),
	CONSTRAINT "comment_tenant_id_reply_to_comment_tenant_id_id_fk" FOREIGN KEY ("tenant_id","reply_to") REFERENCES "app"."comment"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."follower" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"record_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"muted" boolean DEFAULT false NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "follower_tenant_id_record_id_member_id_pk" PRIMARY KEY("tenant_id","record_id","member_id"),
	CONSTRAINT "follower_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "follower_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."notification" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"kind" text collate "C" NOT NULL,
	"object" text collate "C",
	"record_id" uuid,
	"by_id" uuid,
	"comment_id" uuid,
	"shown" boolean DEFAULT true NOT NULL,
	"mail" boolean DEFAULT false NOT NULL,
	"mailed_at" timestamp with time zone,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "notification_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "notification_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "notification_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."reaction" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"target_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"emoji" text collate "C" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reaction_tenant_id_target_id_member_id_emoji_pk" PRIMARY KEY("tenant_id","target_id","member_id","emoji"),
	CONSTRAINT "reaction_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "reaction_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."duplicate_pair" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"a" uuid NOT NULL,
	"b" uuid NOT NULL,
	"score" integer NOT NULL,
	"reasons" jsonb NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL,
	"dismissed_at" timestamp with time zone,
	"dismissed_by" uuid,
	CONSTRAINT "duplicate_pair_tenant_id_object_a_b_pk" PRIMARY KEY("tenant_id","object","a","b"),
	CONSTRAINT "duplicate_pair_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."erasure" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"member_id" uuid,
	"object" text collate "C" NOT NULL,
	"count" integer NOT NULL,
	"why" text collate "C" NOT NULL,
	CONSTRAINT "erasure_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "erasure_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."match_key" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"rule" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"record_id" uuid NOT NULL,
	CONSTRAINT "match_key_tenant_id_object_rule_key_record_id_pk" PRIMARY KEY("tenant_id","object","rule","key","record_id"),
	CONSTRAINT "match_key_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."match_rule" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"config" jsonb NOT NULL,
	CONSTRAINT "match_rule_tenant_id_object_pk" PRIMARY KEY("tenant_id","object"),
	CONSTRAINT "match_rule_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."merge" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"survivor_id" uuid NOT NULL,
	"merged_ids" uuid[] NOT NULL,
	"change_set_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"member_id" uuid,
	"unmerged_at" timestamp with time zone,
	"unmerge_set_id" uuid,
	"moved" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "merge_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "merge_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."export" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"format" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"plan" jsonb NOT NULL,
	"name" text NOT NULL,
	"total" integer NOT NULL,
	"rows" integer DEFAULT 0 NOT NULL,
	"file_id" uuid,
	"bytes" bigint,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "export_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "export_status" CHECK ("app"."export"."status" in ('queued', 'running', 'done', 'failed')),
	CONSTRAINT "export_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "export_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."activity" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"kind" text collate "C" NOT NULL,
	"subject" text NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone,
	"direction" text collate "C",
	"outcome" text collate "C",
	"location" text,
	"link" text,
	"owner_id" uuid,
	"company_id" uuid,
	"contact_id" uuid,
	"deal_id" uuid,
	"about_object" text collate "C",
	"about_id" uuid,
	"attendee_ids" uuid[] DEFAULT '{}' NOT NULL,
	"attendee_emails" text[] DEFAULT '{}' NOT NULL,
	"description" text,
	"custom" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "activity_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "activity_kind" CHECK ("app"."activity"."kind" in ('call', 'meeting')),
	CONSTRAINT "activity_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "activity_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id"),
	CONSTRAINT "activity_tenant_id_company_id_company_tenant_id_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "app"."company"("tenant_id","id"),
	CONSTRAINT "activity_tenant_id_contact_id_contact_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "app"."contact"("tenant_id","id"),
	CONSTRAINT "activity_tenant_id_deal_id_deal_tenant_id_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "app"."deal"("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."search_state" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"rules" integer DEFAULT 0 NOT NULL,
	"object" text collate "C",
	"after_id" uuid,
	CONSTRAINT "search_state_tenant_id_pk" PRIMARY KEY("tenant_id"),
	CONSTRAINT "search_state_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."task_queue" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"name" text NOT NULL,
	"member_ids" uuid[] DEFAULT '{}' NOT NULL,
	"position" double precision DEFAULT 0 NOT NULL,
	CONSTRAINT "task_queue_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "task_queue_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."layout" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	"config" jsonb NOT NULL,
	CONSTRAINT "layout_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "layout_tenant_id_object_role_unique" UNIQUE("tenant_id","object","role"),
	CONSTRAINT "layout_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id")
);
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "app"."view" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" uuid,
	"updated_by" uuid,
	"origin" text collate "C",
	"deleted_at" timestamp with time zone,
	"deleted_by" uuid,
	"object" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"kind" text collate "C" NOT NULL,
	"audience" text collate "C" NOT NULL,
	"team_id" uuid,
	"owner_id" uuid NOT NULL,
	"config" jsonb NOT NULL,
	"position" double precision NOT NULL,
	CONSTRAINT "view_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "view_kind" CHECK ("app"."view"."kind" in ('table', 'board', 'calendar')),
	CONSTRAINT "view_audience" CHECK ("app"."view"."audience" in ('mine', 'team', 'everyone')),
	CONSTRAINT "view_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id"),
	CONSTRAINT "view_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id"),
	CONSTRAINT "view_tenant_id_team_id_team_tenant_id_id_fk" FOREIGN KEY ("tenant_id","team_id") REFERENCES "app"."team"("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "app"."change" ADD COLUMN IF NOT EXISTS "erasure_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."change" ADD COLUMN IF NOT EXISTS "erased_hash" text collate "C";
--> statement-breakpoint
ALTER TABLE "app"."company" ADD COLUMN IF NOT EXISTS "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."contact" ADD COLUMN IF NOT EXISTS "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."deal" ADD COLUMN IF NOT EXISTS "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."note" ADD COLUMN IF NOT EXISTS "about_object" text collate "C";
--> statement-breakpoint
ALTER TABLE "app"."note" ADD COLUMN IF NOT EXISTS "about_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."product" ADD COLUMN IF NOT EXISTS "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."search_key" ADD COLUMN IF NOT EXISTS "rank" integer DEFAULT 9 NOT NULL;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "about_object" text collate "C";
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "about_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "remind_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "reminded_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "recurrence" text;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "recurs_from" uuid;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "series" jsonb;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "queue_id" uuid;
--> statement-breakpoint
ALTER TABLE "app"."task" ADD COLUMN IF NOT EXISTS "custom" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "custom_record_bin" ON "app"."custom_record" USING btree ("tenant_id","deleted_at") WHERE "app"."custom_record"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "custom_record_tenant_id_object_created_at_id_index" ON "app"."custom_record" USING btree ("tenant_id","object","created_at","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "custom_record_tenant_id_object_sort_key_id_index" ON "app"."custom_record" USING btree ("tenant_id","object","sort_key","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "custom_record_tenant_id_object_name_key_index" ON "app"."custom_record" USING btree ("tenant_id","object","name_key");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "custom_record_tenant_id_owner_id_object_id_index" ON "app"."custom_record" USING btree ("tenant_id","owner_id","object","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "field_value_tenant_id_record_id_index" ON "app"."field_value" USING btree ("tenant_id","record_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "field_value_tenant_id_field_id_text_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","text","record_id") WHERE "app"."field_value"."text" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "field_value_tenant_id_field_id_sort_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","sort","record_id") WHERE "app"."field_value"."sort" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "field_value_tenant_id_field_id_number_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","number","record_id") WHERE "app"."field_value"."number" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "field_value_tenant_id_field_id_time_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","time","record_id") WHERE "app"."field_value"."time" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "field_value_tenant_id_field_id_ref_record_id_index" ON "app"."field_value" USING btree ("tenant_id","field_id","ref","record_id") WHERE "app"."field_value"."ref" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "field_value_single_text" ON "app"."field_value" USING btree ("tenant_id","field_id","text") WHERE "app"."field_value"."single";
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "field_value_single_number" ON "app"."field_value" USING btree ("tenant_id","field_id","number") WHERE "app"."field_value"."single";
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "field_value_single_time" ON "app"."field_value" USING btree ("tenant_id","field_id","time") WHERE "app"."field_value"."single";
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "field_value_single_ref" ON "app"."field_value" USING btree ("tenant_id","field_id","ref") WHERE "app"."field_value"."single";
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "relation_link_once" ON "app"."relation_link" USING btree ("tenant_id","field_id","from_id","to_id") WHERE "app"."relation_link"."deleted_at" is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "relation_link_tenant_id_field_id_to_id_index" ON "app"."relation_link" USING btree ("tenant_id","field_id","to_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "relation_link_tenant_id_from_id_index" ON "app"."relation_link" USING btree ("tenant_id","from_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "relation_link_tenant_id_to_id_index" ON "app"."relation_link" USING btree ("tenant_id","to_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "attachment_tenant_id_record_id_created_at_index" ON "app"."attachment" USING btree ("tenant_id","record_id","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "attachment_tenant_id_file_id_index" ON "app"."attachment" USING btree ("tenant_id","file_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "attachment_tenant_id_owner_id_index" ON "app"."attachment" USING btree ("tenant_id","owner_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "comment_tenant_id_record_id_created_at_index" ON "app"."comment" USING btree ("tenant_id","record_id","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "comment_tenant_id_owner_id_index" ON "app"."comment" USING btree ("tenant_id","owner_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "comment_reply" ON "app"."comment" USING btree ("tenant_id","reply_to") WHERE "app"."comment"."reply_to" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "follower_tenant_id_member_id_index" ON "app"."follower" USING btree ("tenant_id","member_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "notification_tenant_id_member_id_at_index" ON "app"."notification" USING btree ("tenant_id","member_id","at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "notification_unread" ON "app"."notification" USING btree ("tenant_id","member_id") WHERE "app"."notification"."read_at" is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "notification_mail" ON "app"."notification" USING btree ("tenant_id","at") WHERE "app"."notification"."mail" and "app"."notification"."mailed_at" is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "reaction_tenant_id_member_id_index" ON "app"."reaction" USING btree ("tenant_id","member_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "duplicate_pair_tenant_id_b_index" ON "app"."duplicate_pair" USING btree ("tenant_id","b");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "duplicate_pair_open" ON "app"."duplicate_pair" USING btree ("tenant_id","object","score") WHERE "app"."duplicate_pair"."dismissed_at" is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "erasure_tenant_id_at_index" ON "app"."erasure" USING btree ("tenant_id","at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "match_key_tenant_id_record_id_index" ON "app"."match_key" USING btree ("tenant_id","record_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "merge_tenant_id_survivor_id_index" ON "app"."merge" USING btree ("tenant_id","survivor_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "export_tenant_id_member_id_created_at_index" ON "app"."export" USING btree ("tenant_id","member_id","created_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "export_file" ON "app"."export" USING btree ("tenant_id","file_id") WHERE "app"."export"."file_id" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_bin" ON "app"."activity" USING btree ("tenant_id","deleted_at") WHERE "app"."activity"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_tenant_id_owner_id_starts_at_index" ON "app"."activity" USING btree ("tenant_id","owner_id","starts_at");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_tenant_id_starts_at_id_index" ON "app"."activity" USING btree ("tenant_id","starts_at","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_tenant_id_created_at_id_index" ON "app"."activity" USING btree ("tenant_id","created_at","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_tenant_id_company_id_index" ON "app"."activity" USING btree ("tenant_id","company_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_tenant_id_contact_id_index" ON "app"."activity" USING btree ("tenant_id","contact_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_tenant_id_deal_id_index" ON "app"."activity" USING btree ("tenant_id","deal_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "activity_about" ON "app"."activity" USING btree ("tenant_id","about_id") WHERE "app"."activity"."about_id" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "view_tenant_id_object_index" ON "app"."view" USING btree ("tenant_id","object");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "view_tenant_id_owner_id_index" ON "app"."view" USING btree ("tenant_id","owner_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "view_tenant_id_team_id_index" ON "app"."view" USING btree ("tenant_id","team_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "change_erased" ON "app"."change" USING btree ("tenant_id","erasure_id") WHERE "app"."change"."erasure_id" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "company_bin" ON "app"."company" USING btree ("tenant_id","deleted_at") WHERE "app"."company"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "company_tenant_id_owner_id_id_index" ON "app"."company" USING btree ("tenant_id","owner_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "company_tenant_id_parent_id_id_index" ON "app"."company" USING btree ("tenant_id","parent_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contact_bin" ON "app"."contact" USING btree ("tenant_id","deleted_at") WHERE "app"."contact"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contact_tenant_id_company_id_id_index" ON "app"."contact" USING btree ("tenant_id","company_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contact_tenant_id_owner_id_id_index" ON "app"."contact" USING btree ("tenant_id","owner_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "contact_tenant_id_reports_to_id_id_index" ON "app"."contact" USING btree ("tenant_id","reports_to_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "deal_bin" ON "app"."deal" USING btree ("tenant_id","deleted_at") WHERE "app"."deal"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "deal_tenant_id_pipeline_id_id_index" ON "app"."deal" USING btree ("tenant_id","pipeline_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "deal_tenant_id_expected_close_id_index" ON "app"."deal" USING btree ("tenant_id","expected_close","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "deal_tenant_id_stage_id_id_index" ON "app"."deal" USING btree ("tenant_id","stage_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "deal_tenant_id_company_id_id_index" ON "app"."deal" USING btree ("tenant_id","company_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "deal_tenant_id_owner_id_id_index" ON "app"."deal" USING btree ("tenant_id","owner_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "deal_tenant_id_product_id_id_index" ON "app"."deal" USING btree ("tenant_id","product_id","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "note_bin" ON "app"."note" USING btree ("tenant_id","deleted_at") WHERE "app"."note"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "note_about" ON "app"."note" USING btree ("tenant_id","about_id") WHERE "app"."note"."about_id" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "product_bin" ON "app"."product" USING btree ("tenant_id","deleted_at") WHERE "app"."product"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "search_key_ranked" ON "app"."search_key" USING btree ("tenant_id","object","rank","key","record_id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "task_bin" ON "app"."task" USING btree ("tenant_id","deleted_at") WHERE "app"."task"."deleted_at" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "task_tenant_id_due_on_id_index" ON "app"."task" USING btree ("tenant_id","due_on","id");
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "task_reminder" ON "app"."task" USING btree ("tenant_id","remind_at") WHERE "app"."task"."remind_at" is not null and "app"."task"."reminded_at" is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "task_in_queue" ON "app"."task" USING btree ("tenant_id","queue_id") WHERE "app"."task"."queue_id" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "task_open_in_queue" ON "app"."task" USING btree ("tenant_id","queue_id") WHERE "app"."task"."queue_id" is not null and "app"."task"."done" is not true and "app"."task"."deleted_at" is null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "task_recurs_from" ON "app"."task" USING btree ("tenant_id","recurs_from") WHERE "app"."task"."recurs_from" is not null;
--> statement-breakpoint
CREATE INDEX CONCURRENTLY IF NOT EXISTS "task_about" ON "app"."task" USING btree ("tenant_id","about_id") WHERE "app"."task"."about_id" is not null;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."company_tenant_id_owner_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."company_tenant_id_parent_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."contact_tenant_id_company_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."contact_tenant_id_owner_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."contact_tenant_id_reports_to_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."deal_tenant_id_pipeline_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."deal_tenant_id_company_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."deal_tenant_id_owner_id_index";
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "app"."deal_tenant_id_product_id_index";
