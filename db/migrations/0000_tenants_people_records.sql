CREATE SCHEMA "app";
--> statement-breakpoint
CREATE SCHEMA "auth";
--> statement-breakpoint
CREATE TABLE "app"."file" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"member_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "file_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."import_problem" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"problems" jsonb NOT NULL,
	"cells" jsonb NOT NULL,
	CONSTRAINT "import_problem_tenant_id_import_id_row_pk" PRIMARY KEY("tenant_id","import_id","row")
);
--> statement-breakpoint
CREATE TABLE "app"."import" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"file_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"plan" jsonb NOT NULL,
	"rows" integer DEFAULT 0 NOT NULL,
	"cursor" integer DEFAULT 0 NOT NULL,
	"created" integer DEFAULT 0 NOT NULL,
	"updated" integer DEFAULT 0 NOT NULL,
	"unchanged" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"sums" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"change_set_id" uuid,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "import_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."pipeline" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "pipeline_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."stage" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"pipeline_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text collate "C" NOT NULL,
	"probability" integer NOT NULL,
	"colour" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"required_fields" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "stage_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "stage_kind" CHECK ("app"."stage"."kind" in ('open', 'won', 'lost')),
	CONSTRAINT "stage_colour" CHECK ("app"."stage"."colour" in ('slate', 'blue', 'teal', 'green', 'amber', 'orange', 'red', 'violet'))
);
--> statement-breakpoint
CREATE TABLE "app"."change_set" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"member_id" uuid,
	"channel" text collate "C" NOT NULL,
	"verb" text collate "C" NOT NULL,
	"detail" jsonb,
	"request_id" text collate "C",
	"undoes" uuid,
	"undone_by" uuid,
	CONSTRAINT "change_set_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."change" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"change_set_id" uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"op" text collate "C" NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "change_tenant_id_change_set_id_record_id_pk" PRIMARY KEY("tenant_id","change_set_id","record_id")
);
--> statement-breakpoint
CREATE TABLE "app"."company" (
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
	"name_key" text collate "C" NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"domain" text,
	"domain_norm" text collate "C" GENERATED ALWAYS AS (lower(domain)) STORED,
	"industry" text collate "C",
	"parent_id" uuid,
	"type" text collate "C",
	"owner_id" uuid,
	"phone" text,
	"email" text,
	"website" text,
	"employees" integer,
	"annual_revenue" bigint,
	"currency" text collate "C",
	"short_name" text,
	"english_name" text,
	"legal_name" text,
	"tax_id" text,
	"fax" text,
	"industry_group" text,
	"ownership" text,
	"ticker" text,
	"rating" text collate "C",
	"lifecycle_stage" text collate "C",
	"lead_status" text collate "C",
	"year_founded" integer,
	"account_number" text,
	"site" text,
	"source" text,
	"linkedin" text,
	"time_zone" text,
	"street" text,
	"street2" text,
	"district" text,
	"city" text,
	"state" text,
	"postal_code" text,
	"country" text,
	"shipping_street" text,
	"shipping_city" text,
	"shipping_state" text,
	"shipping_postal_code" text,
	"shipping_country" text,
	"tags" text[],
	"description" text,
	CONSTRAINT "company_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."contact_company" (
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
	"contact_id" uuid NOT NULL,
	"company_id" uuid NOT NULL,
	"role" text collate "C",
	"is_primary" boolean DEFAULT false NOT NULL,
	"from_date" date,
	"to_date" date,
	CONSTRAINT "contact_company_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."contact" (
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
	"name_key" text collate "C" NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"company_id" uuid,
	"job_title" text,
	"email" text,
	"email_norm" text collate "C" GENERATED ALWAYS AS (lower(email)) STORED,
	"phone" text,
	"mobile" text,
	"owner_id" uuid,
	"salutation" text,
	"first_name" text,
	"last_name" text,
	"department" text,
	"seniority" text,
	"other_email" text,
	"home_phone" text,
	"other_phone" text,
	"fax" text,
	"wechat" text,
	"whatsapp" text,
	"linkedin" text,
	"birthday" date,
	"assistant" text,
	"assistant_phone" text,
	"reports_to_id" uuid,
	"lifecycle_stage" text collate "C",
	"lead_status" text collate "C",
	"source" text,
	"preferred_language" text,
	"time_zone" text,
	"street" text,
	"street2" text,
	"district" text,
	"city" text,
	"state" text,
	"postal_code" text,
	"country" text,
	"do_not_call" boolean,
	"do_not_mail" boolean,
	"tags" text[],
	"description" text,
	CONSTRAINT "contact_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."deal_contact" (
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
	"deal_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"role" text collate "C",
	"is_primary" boolean DEFAULT false NOT NULL,
	CONSTRAINT "deal_contact_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."deal" (
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
	"name_key" text collate "C" NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"company_id" uuid,
	"pipeline_id" uuid NOT NULL,
	"stage_id" uuid NOT NULL,
	"status" text collate "C" NOT NULL,
	"probability" integer NOT NULL,
	"amount" bigint,
	"currency" text collate "C" NOT NULL,
	"owner_id" uuid,
	"expected_close" date,
	"product_id" uuid,
	"type" text,
	"priority" text collate "C",
	"source" text,
	"next_step" text,
	"loss_reason" text,
	"won_reason" text,
	"competitor" text,
	"started_on" date,
	"closed_on" date,
	"stage_entered_at" timestamp with time zone DEFAULT now() NOT NULL,
	"board_order" double precision DEFAULT 0 NOT NULL,
	"tags" text[],
	"description" text,
	CONSTRAINT "deal_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "deal_status" CHECK ("app"."deal"."status" in ('open', 'won', 'lost'))
);
--> statement-breakpoint
CREATE TABLE "app"."external_id" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"object" text collate "C" NOT NULL,
	"system" text collate "C" NOT NULL,
	"external_id" text collate "C" NOT NULL,
	"record_id" uuid NOT NULL,
	CONSTRAINT "external_id_tenant_id_object_system_external_id_pk" PRIMARY KEY("tenant_id","object","system","external_id")
);
--> statement-breakpoint
CREATE TABLE "app"."note" (
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
	"body" text NOT NULL,
	"owner_id" uuid,
	"company_id" uuid,
	"contact_id" uuid,
	"deal_id" uuid,
	"pinned" boolean,
	CONSTRAINT "note_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."product" (
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
	"name_key" text collate "C" NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"code" text,
	"series" text,
	"price" bigint,
	"currency" text collate "C",
	"cost" bigint,
	"unit" text,
	"tax_percent" integer,
	"active" boolean,
	"description" text,
	CONSTRAINT "product_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."search_key" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"object" text collate "C" NOT NULL,
	"record_id" uuid NOT NULL,
	CONSTRAINT "search_key_tenant_id_key_object_record_id_pk" PRIMARY KEY("tenant_id","key","object","record_id")
);
--> statement-breakpoint
CREATE TABLE "app"."task" (
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
	"subject" text NOT NULL,
	"sort_key" text collate "C" NOT NULL,
	"type" text collate "C",
	"priority" text collate "C",
	"due_on" date,
	"owner_id" uuid,
	"company_id" uuid,
	"contact_id" uuid,
	"deal_id" uuid,
	"description" text,
	"done" boolean,
	"done_at" timestamp with time zone,
	CONSTRAINT "task_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."api_key" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"member_id" uuid NOT NULL,
	"access" text collate "C" DEFAULT 'write' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_key_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."invitation" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"email" text NOT NULL,
	"email_norm" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	"locale" text collate "C" NOT NULL,
	"team_id" uuid,
	"member_id" uuid,
	"token_hash" text collate "C" NOT NULL,
	"invited_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitation_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."member" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"user_id" uuid,
	"name" text NOT NULL,
	"name_norm" text collate "C" NOT NULL,
	"email" text,
	"email_norm" text collate "C",
	"role" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"team_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "member_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "member_tenant_id_userId_unique" UNIQUE("tenant_id","user_id"),
	CONSTRAINT "member_role" CHECK ("app"."member"."role" in ('owner', 'admin', 'manager', 'member', 'viewer')),
	CONSTRAINT "member_status" CHECK ("app"."member"."status" in ('active', 'invited', 'placeholder', 'inactive'))
);
--> statement-breakpoint
CREATE TABLE "app"."preference" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"key" text collate "C" NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "preference_tenant_id_member_id_key_pk" PRIMARY KEY("tenant_id","member_id","key")
);
--> statement-breakpoint
CREATE TABLE "auth"."session" (
	"sid_hash" text collate "C" PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"auth_time" timestamp with time zone DEFAULT now() NOT NULL,
	"auth_methods" text[] NOT NULL,
	"ip" text,
	"user_agent" text,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "app"."team" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"name_norm" text collate "C" NOT NULL,
	"office" text,
	"manager_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "team_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."tenant_settings" (
	"tenant_id" uuid DEFAULT current_setting('app.tenant_id')::uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"currency" text collate "C" NOT NULL,
	"time_zone" text collate "C" NOT NULL,
	"locale" text collate "C" NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "tenant_settings_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "app"."tenant" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text collate "C" NOT NULL,
	"status" text collate "C" DEFAULT 'active' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenant_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "auth"."token" (
	"hash" text collate "C" PRIMARY KEY NOT NULL,
	"kind" text collate "C" NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "app"."user_account" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"email_norm" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"locale" text collate "C" DEFAULT 'en' NOT NULL,
	"theme" text collate "C" DEFAULT 'system' NOT NULL,
	"email_confirmed_at" timestamp with time zone,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_account_emailNorm_unique" UNIQUE("email_norm")
);
--> statement-breakpoint
ALTER TABLE "app"."file" ADD CONSTRAINT "file_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."file" ADD CONSTRAINT "file_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."import_problem" ADD CONSTRAINT "import_problem_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."import_problem" ADD CONSTRAINT "import_problem_tenant_id_import_id_import_tenant_id_id_fk" FOREIGN KEY ("tenant_id","import_id") REFERENCES "app"."import"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."import" ADD CONSTRAINT "import_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."import" ADD CONSTRAINT "import_tenant_id_file_id_file_tenant_id_id_fk" FOREIGN KEY ("tenant_id","file_id") REFERENCES "app"."file"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."import" ADD CONSTRAINT "import_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."pipeline" ADD CONSTRAINT "pipeline_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."stage" ADD CONSTRAINT "stage_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."stage" ADD CONSTRAINT "stage_tenant_id_pipeline_id_pipeline_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pipeline_id") REFERENCES "app"."pipeline"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."change_set" ADD CONSTRAINT "change_set_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."change" ADD CONSTRAINT "change_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."change" ADD CONSTRAINT "change_tenant_id_change_set_id_change_set_tenant_id_id_fk" FOREIGN KEY ("tenant_id","change_set_id") REFERENCES "app"."change_set"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."company" ADD CONSTRAINT "company_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."company" ADD CONSTRAINT "company_tenant_id_parent_id_company_tenant_id_id_fk" FOREIGN KEY ("tenant_id","parent_id") REFERENCES "app"."company"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."company" ADD CONSTRAINT "company_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."contact_company" ADD CONSTRAINT "contact_company_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."contact_company" ADD CONSTRAINT "contact_company_tenant_id_contact_id_contact_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "app"."contact"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."contact_company" ADD CONSTRAINT "contact_company_tenant_id_company_id_company_tenant_id_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "app"."company"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."contact" ADD CONSTRAINT "contact_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."contact" ADD CONSTRAINT "contact_tenant_id_company_id_company_tenant_id_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "app"."company"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."contact" ADD CONSTRAINT "contact_tenant_id_reports_to_id_contact_tenant_id_id_fk" FOREIGN KEY ("tenant_id","reports_to_id") REFERENCES "app"."contact"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."contact" ADD CONSTRAINT "contact_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal_contact" ADD CONSTRAINT "deal_contact_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal_contact" ADD CONSTRAINT "deal_contact_tenant_id_deal_id_deal_tenant_id_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "app"."deal"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal_contact" ADD CONSTRAINT "deal_contact_tenant_id_contact_id_contact_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "app"."contact"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal" ADD CONSTRAINT "deal_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal" ADD CONSTRAINT "deal_tenant_id_company_id_company_tenant_id_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "app"."company"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal" ADD CONSTRAINT "deal_tenant_id_pipeline_id_pipeline_tenant_id_id_fk" FOREIGN KEY ("tenant_id","pipeline_id") REFERENCES "app"."pipeline"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal" ADD CONSTRAINT "deal_tenant_id_stage_id_stage_tenant_id_id_fk" FOREIGN KEY ("tenant_id","stage_id") REFERENCES "app"."stage"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal" ADD CONSTRAINT "deal_tenant_id_product_id_product_tenant_id_id_fk" FOREIGN KEY ("tenant_id","product_id") REFERENCES "app"."product"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."deal" ADD CONSTRAINT "deal_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."external_id" ADD CONSTRAINT "external_id_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."note" ADD CONSTRAINT "note_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."note" ADD CONSTRAINT "note_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."note" ADD CONSTRAINT "note_tenant_id_company_id_company_tenant_id_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "app"."company"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."note" ADD CONSTRAINT "note_tenant_id_contact_id_contact_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "app"."contact"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."note" ADD CONSTRAINT "note_tenant_id_deal_id_deal_tenant_id_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "app"."deal"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."product" ADD CONSTRAINT "product_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."search_key" ADD CONSTRAINT "search_key_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."task" ADD CONSTRAINT "task_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."task" ADD CONSTRAINT "task_tenant_id_owner_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","owner_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."task" ADD CONSTRAINT "task_tenant_id_company_id_company_tenant_id_id_fk" FOREIGN KEY ("tenant_id","company_id") REFERENCES "app"."company"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."task" ADD CONSTRAINT "task_tenant_id_contact_id_contact_tenant_id_id_fk" FOREIGN KEY ("tenant_id","contact_id") REFERENCES "app"."contact"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."task" ADD CONSTRAINT "task_tenant_id_deal_id_deal_tenant_id_id_fk" FOREIGN KEY ("tenant_id","deal_id") REFERENCES "app"."deal"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."api_key" ADD CONSTRAINT "api_key_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."api_key" ADD CONSTRAINT "api_key_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."invitation" ADD CONSTRAINT "invitation_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."invitation" ADD CONSTRAINT "invitation_tenant_id_team_id_team_tenant_id_id_fk" FOREIGN KEY ("tenant_id","team_id") REFERENCES "app"."team"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."invitation" ADD CONSTRAINT "invitation_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."invitation" ADD CONSTRAINT "invitation_tenant_id_invited_by_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","invited_by") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."member" ADD CONSTRAINT "member_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."member" ADD CONSTRAINT "member_user_id_user_account_id_fk" FOREIGN KEY ("user_id") REFERENCES "app"."user_account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."member" ADD CONSTRAINT "member_tenant_id_team_id_team_tenant_id_id_fk" FOREIGN KEY ("tenant_id","team_id") REFERENCES "app"."team"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."preference" ADD CONSTRAINT "preference_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."preference" ADD CONSTRAINT "preference_tenant_id_member_id_member_tenant_id_id_fk" FOREIGN KEY ("tenant_id","member_id") REFERENCES "app"."member"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."team" ADD CONSTRAINT "team_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "app"."tenant_settings" ADD CONSTRAINT "tenant_settings_tenant_id_tenant_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "app"."tenant"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "file_tenant_id_member_id_index" ON "app"."file" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "import_tenant_id_created_at_index" ON "app"."import" USING btree ("tenant_id","created_at");--> statement-breakpoint
CREATE INDEX "import_tenant_id_file_id_index" ON "app"."import" USING btree ("tenant_id","file_id");--> statement-breakpoint
CREATE INDEX "import_tenant_id_member_id_index" ON "app"."import" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "stage_tenant_id_pipeline_id_index" ON "app"."stage" USING btree ("tenant_id","pipeline_id");--> statement-breakpoint
CREATE INDEX "change_set_tenant_id_member_id_at_index" ON "app"."change_set" USING btree ("tenant_id","member_id","at");--> statement-breakpoint
CREATE INDEX "change_set_tenant_id_at_index" ON "app"."change_set" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE INDEX "change_tenant_id_record_id_at_index" ON "app"."change" USING btree ("tenant_id","record_id","at");--> statement-breakpoint
CREATE INDEX "company_tenant_id_name_key_index" ON "app"."company" USING btree ("tenant_id","name_key");--> statement-breakpoint
CREATE INDEX "company_tenant_id_domain_norm_index" ON "app"."company" USING btree ("tenant_id","domain_norm");--> statement-breakpoint
CREATE INDEX "company_tenant_id_sort_key_id_index" ON "app"."company" USING btree ("tenant_id","sort_key","id");--> statement-breakpoint
CREATE INDEX "company_tenant_id_created_at_id_index" ON "app"."company" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "company_tenant_id_owner_id_index" ON "app"."company" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "company_tenant_id_parent_id_index" ON "app"."company" USING btree ("tenant_id","parent_id");--> statement-breakpoint
CREATE INDEX "company_tenant_id_industry_index" ON "app"."company" USING btree ("tenant_id","industry");--> statement-breakpoint
CREATE INDEX "contact_company_tenant_id_contact_id_index" ON "app"."contact_company" USING btree ("tenant_id","contact_id");--> statement-breakpoint
CREATE INDEX "contact_company_tenant_id_company_id_index" ON "app"."contact_company" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "contact_tenant_id_email_norm_index" ON "app"."contact" USING btree ("tenant_id","email_norm");--> statement-breakpoint
CREATE INDEX "contact_tenant_id_name_key_index" ON "app"."contact" USING btree ("tenant_id","name_key");--> statement-breakpoint
CREATE INDEX "contact_tenant_id_sort_key_id_index" ON "app"."contact" USING btree ("tenant_id","sort_key","id");--> statement-breakpoint
CREATE INDEX "contact_tenant_id_created_at_id_index" ON "app"."contact" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "contact_tenant_id_company_id_index" ON "app"."contact" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "contact_tenant_id_owner_id_index" ON "app"."contact" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "contact_tenant_id_reports_to_id_index" ON "app"."contact" USING btree ("tenant_id","reports_to_id");--> statement-breakpoint
CREATE INDEX "deal_contact_tenant_id_deal_id_index" ON "app"."deal_contact" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "deal_contact_tenant_id_contact_id_index" ON "app"."deal_contact" USING btree ("tenant_id","contact_id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_stage_id_board_order_id_index" ON "app"."deal" USING btree ("tenant_id","stage_id","board_order","id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_pipeline_id_index" ON "app"."deal" USING btree ("tenant_id","pipeline_id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_created_at_id_index" ON "app"."deal" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_sort_key_id_index" ON "app"."deal" USING btree ("tenant_id","sort_key","id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_amount_id_index" ON "app"."deal" USING btree ("tenant_id","amount","id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_closed_on_id_index" ON "app"."deal" USING btree ("tenant_id","closed_on","id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_company_id_index" ON "app"."deal" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_owner_id_index" ON "app"."deal" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "deal_tenant_id_product_id_index" ON "app"."deal" USING btree ("tenant_id","product_id");--> statement-breakpoint
CREATE INDEX "external_id_tenant_id_record_id_index" ON "app"."external_id" USING btree ("tenant_id","record_id");--> statement-breakpoint
CREATE INDEX "note_tenant_id_created_at_id_index" ON "app"."note" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "note_tenant_id_owner_id_index" ON "app"."note" USING btree ("tenant_id","owner_id");--> statement-breakpoint
CREATE INDEX "note_tenant_id_company_id_index" ON "app"."note" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "note_tenant_id_contact_id_index" ON "app"."note" USING btree ("tenant_id","contact_id");--> statement-breakpoint
CREATE INDEX "note_tenant_id_deal_id_index" ON "app"."note" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "product_tenant_id_name_key_index" ON "app"."product" USING btree ("tenant_id","name_key");--> statement-breakpoint
CREATE INDEX "product_tenant_id_sort_key_id_index" ON "app"."product" USING btree ("tenant_id","sort_key","id");--> statement-breakpoint
CREATE INDEX "product_tenant_id_created_at_id_index" ON "app"."product" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "search_key_tenant_id_record_id_index" ON "app"."search_key" USING btree ("tenant_id","record_id");--> statement-breakpoint
CREATE INDEX "task_tenant_id_owner_id_due_on_index" ON "app"."task" USING btree ("tenant_id","owner_id","due_on");--> statement-breakpoint
CREATE INDEX "task_tenant_id_created_at_id_index" ON "app"."task" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "task_tenant_id_company_id_index" ON "app"."task" USING btree ("tenant_id","company_id");--> statement-breakpoint
CREATE INDEX "task_tenant_id_contact_id_index" ON "app"."task" USING btree ("tenant_id","contact_id");--> statement-breakpoint
CREATE INDEX "task_tenant_id_deal_id_index" ON "app"."task" USING btree ("tenant_id","deal_id");--> statement-breakpoint
CREATE INDEX "api_key_hash_index" ON "app"."api_key" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "api_key_tenant_id_member_id_index" ON "app"."api_key" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "invitation_token_index" ON "app"."invitation" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "invitation_tenant_id_team_id_index" ON "app"."invitation" USING btree ("tenant_id","team_id");--> statement-breakpoint
CREATE INDEX "invitation_tenant_id_member_id_index" ON "app"."invitation" USING btree ("tenant_id","member_id");--> statement-breakpoint
CREATE INDEX "invitation_tenant_id_invited_by_index" ON "app"."invitation" USING btree ("tenant_id","invited_by");--> statement-breakpoint
CREATE INDEX "member_user_id_index" ON "app"."member" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "member_tenant_id_name_norm_index" ON "app"."member" USING btree ("tenant_id","name_norm");--> statement-breakpoint
CREATE INDEX "member_tenant_id_email_norm_index" ON "app"."member" USING btree ("tenant_id","email_norm");--> statement-breakpoint
CREATE INDEX "member_tenant_id_team_id_index" ON "app"."member" USING btree ("tenant_id","team_id");--> statement-breakpoint
CREATE INDEX "session_user_id_index" ON "auth"."session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "team_tenant_id_name_norm_index" ON "app"."team" USING btree ("tenant_id","name_norm");--> statement-breakpoint
CREATE INDEX "team_tenant_id_manager_id_index" ON "app"."team" USING btree ("tenant_id","manager_id");--> statement-breakpoint
CREATE INDEX "token_user_id_index" ON "auth"."token" USING btree ("user_id");